/**
 * The status page: one self-contained document, so that it works in a container without any other file and makes no
 * request but to /status.json. It holds no data itself; its script fills it in as text, never as HTML.
 */
import { PAGE_SCRIPT } from "./script";
import { PAGE_STYLE } from "./style";

function tile(id: string, label: string): string {
  return `<div class="card tile">
        <dt>${label}</dt>
        <dd><span class="value" id="${id}">–</span><span class="note" id="${id}-note"></span></dd>
      </div>`;
}

function row(id: string, label: string): string {
  return `<div><dt>${label}</dt><dd id="${id}">–</dd></div>`;
}

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
<div id="contact" class="contact" role="alert" hidden></div>
<main id="main">
  <header>
    <div>
      <h1>Ingester</h1>
      <p class="key" id="key"></p>
    </div>
    <p class="updated" id="updated"></p>
  </header>
  <noscript><p class="card">This page needs JavaScript. The same figures: <a href="/status.json">status.json</a>.</p></noscript>

  <section class="card state" id="state" data-tone="quiet" aria-label="State">
    <span class="light" aria-hidden="true"></span>
    <div aria-live="polite">
      <p class="headline" id="headline">Loading</p>
      <p class="note" id="detail"></p>
    </div>
  </section>

  <dl class="tiles">
    ${tile("delivered", "Posts delivered")}
    ${tile("lag", "Lag")}
    ${tile("dead", "Dead letters")}
    ${tile("requests", "Firehose requests")}
  </dl>

  <div class="columns">
    <section class="card chart" aria-labelledby="chart-title">
      <div class="card-head"><h2 id="chart-title">Posts per minute</h2><p class="note" id="chart-note"></p></div>
      <div class="plot">
        <div class="scale" aria-hidden="true"><span id="scale-top"></span><span id="scale-middle"></span><span>0</span></div>
        <svg id="bars" role="img" viewBox="0 0 600 160" preserveAspectRatio="none"></svg>
        <div class="times" aria-hidden="true"><span>60 min ago</span><span>30</span><span>now</span></div>
      </div>
    </section>

    <section class="card money" aria-labelledby="money-title">
      <h2 id="money-title">Money</h2>
      <p><span class="value" id="spent">–</span> <span class="note" id="spent-note"></span></p>
      <p class="left" id="left"></p>
      <div class="budget" id="budget" hidden>
        <div class="track" id="budget-track" role="progressbar" aria-label="Share of the limit that is used" aria-valuemin="0" aria-valuemax="100">
          <div class="fill" id="budget-fill"></div>
        </div>
        <p class="note" id="budget-note"></p>
      </div>
      <p class="note" id="renews"></p>
    </section>

    <section class="card" aria-labelledby="checkpoint-title">
      <h2 id="checkpoint-title">Checkpoint</h2>
      <dl class="rows">
        ${row("complete", "Complete up to")}
        ${row("since", "Delivered up to post")}
        ${row("window", "Open window")}
        ${row("gaps", "Gaps")}
      </dl>
    </section>

    <section class="card" aria-labelledby="error-title">
      <h2 id="error-title">Last error</h2>
      <p class="error" id="error">None</p>
      <p class="note" id="error-time"></p>
    </section>
  </div>

  <footer>
    <nav aria-label="For machines"><a href="/status.json">status.json</a> <a href="/metrics">metrics</a> <a href="/healthz">healthz</a> <a href="/readyz">readyz</a></nav>
    <p id="uptime"></p>
  </footer>
</main>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
