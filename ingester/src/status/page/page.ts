/**
 * The status page: one self-contained document, so that it works in a container without any other file and makes no
 * request but to /status.json. It holds no data itself; its script fills it in as text, never as HTML.
 *
 * In the order of the questions of a person on call: does it work, what must I do, what is missing, what does it cost and
 * when does the money end, what came when, what went wrong last.
 */
import { row } from "./rows";
import { PAGE_SCRIPT } from "./script";
import { STREAM_CARD } from "./stream";
import { PAGE_STYLE } from "./style";

function tile(id: string, label: string): string {
  return `<div class="card tile"><dt>${label}</dt><dd><span class="value" id="${id}">–</span><span class="note" id="${id}-note"></span></dd></div>`;
}

const QUERY = `
<template id="query">
  <section class="card query">
    <div class="card-head"><h2>Coverage of <span data-part="name"></span></h2><p class="note" data-part="state"></p></div>
    <p class="text" data-part="short"></p>
    <details class="text" data-part="long"><summary></summary><p data-part="full"></p></details>
    <div class="timeline">
      <div class="track" data-part="bar" role="img"></div>
      <p class="ends note"><span data-part="from"></span><span data-part="to"></span></p>
      <ul class="legend" data-part="legend" aria-label="Patterns of the timeline"></ul>
    </div>
    <p data-part="since"></p>
    <ul class="missing" data-part="missing"></ul>
    <dl class="figures">
      ${row("Complete up to", 'data-part="complete"')}
      ${row("Lag", 'data-part="lag"')}
      ${row("Open holes", 'data-part="holes"')}
      ${row("Posts since the start", 'data-part="posts"')}
      ${row("Spent in this billing cycle", 'data-part="spent"')}
    </dl>
  </section>
</template>`;

const BUDGET = `
<section class="card money" aria-labelledby="money-title">
  <h2 id="money-title">Budget</h2>
  <p><span class="value" id="spent">–</span> <span class="note" id="spent-note"></span></p>
  <div class="track" id="budget-bar" role="img" hidden></div>
  <ul class="shares" id="shares"></ul>
  <ul class="limits" id="limits"></ul>
  <p class="note" id="rate"></p>
  <p class="note" id="cycle"></p>
</section>`;

const CHART = `
<section class="card" aria-labelledby="chart-title">
  <div class="card-head"><h2 id="chart-title">Posts delivered per minute</h2><p class="note" id="chart-note"></p></div>
  <div class="plot" id="plot" role="img"><div class="ticks" id="ticks"></div><div class="bars" id="bars"></div></div>
  <p class="times note" id="times" aria-hidden="true"><span></span><span></span><span></span></p>
  <p class="note"><span id="chart-scale"></span> <span id="chart-nodata"></span></p>
  <p class="pick"><label for="minute">Value of a minute</label> <input type="range" id="minute" min="0" max="59" value="59"> <output id="minute-value" for="minute"></output></p>
</section>`;

const LAST_ERROR = `
<section class="card" aria-labelledby="error-title">
  <h2 id="error-title">Last error</h2>
  <p class="error" id="error">None since the start.</p>
  <p id="error-meaning"></p>
  <p class="note" id="error-runbook"></p>
  <p class="note" id="error-time"></p>
</section>`;

const DELIVERY = `
<section class="card" aria-labelledby="delivery-title">
  <h2 id="delivery-title">Delivery since the start</h2>
  <dl class="rows">
    ${row("Stream", 'id="stream-name"')}
    ${row("Sent", 'id="requests"')}
    ${row("Sent again", 'id="resent"')}
    ${row("Dead letters", 'id="dead"')}
    ${row("Partial errors of X", 'id="partial"')}
    ${row("Waits for X", 'id="waits"')}
  </dl>
</section>`;

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Ingester</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main id="main">
  <header>
    <div><h1>Ingester</h1><p class="note" id="about"></p></div>
    <p class="note" id="updated"></p>
  </header>
  <noscript><p class="card">This page needs JavaScript. The same figures: <a href="/status.json">status.json</a>.</p></noscript>

  <section class="card state" id="state" data-light="grey" aria-label="State">
    <span class="light" id="sign" aria-hidden="true">…</span>
    <div>
      <div role="status"><p class="word" id="word">Loading</p><p class="headline" id="headline">Asking the ingester</p></div>
      <p id="detail"></p>
      <p class="note" id="timing"></p>
    </div>
  </section>
  <section class="card" aria-labelledby="actions-title">
    <h2 id="actions-title">What to do</h2>
    <p id="no-action">Nothing.</p>
    <ul class="actions" id="actions" hidden></ul>
  </section>

  <dl class="tiles">
    ${tile("delivered", "Posts delivered")}
    ${tile("lag", "Lag")}
    ${tile("holes", "Open holes")}
    ${tile("left", "Left to spend")}
  </dl>

  ${STREAM_CARD}
  <div class="queries" id="queries"></div>
  <div class="columns">
    <div class="column">${CHART}${LAST_ERROR}</div>
    <div class="column">${BUDGET}${DELIVERY}</div>
  </div>

  <footer class="note">
    <nav aria-label="For machines"><a href="/status.json">status.json</a> <a href="/metrics">metrics</a> <a href="/healthz">healthz</a> <a href="/readyz">readyz</a></nav>
    <p id="uptime"></p>
  </footer>
</main>
${QUERY}
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
