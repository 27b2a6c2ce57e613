/** Colours keep a contrast of 4.5 to 1 in both schemes; state is told by words and shape too, never by colour alone. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --back: #f4f5f7; --card: #ffffff; --line: #e1e4ea; --text: #15181e; --soft: #596170;
  --accent: #2563c9; --accent-soft: #a9c4f2; --good: #1a7f4b; --warn: #9a5b00; --bad: #c0302b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0f1216; --card: #181c22; --line: #2a3039; --text: #e9ebef; --soft: #9ba4b3;
    --accent: #6ba3f8; --accent-soft: #35507a; --good: #4cc38a; --warn: #e3ad4b; --bad: #ff7d75;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 1040px; margin: 0 auto; padding: 28px 20px 20px; display: grid; gap: 16px; transition: opacity .2s; }
main.stale { opacity: .55; }
header { display: flex; justify-content: space-between; align-items: end; gap: 8px 16px; flex-wrap: wrap; }
h1 { font-size: 22px; line-height: 1.2; letter-spacing: -.01em; }
h2 { font-size: 13px; font-weight: 600; color: var(--soft); }
.key { font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
.updated, footer { font-size: 13px; color: var(--soft); }
.note { font-size: 13px; color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 18px; min-width: 0; }
.value { font-size: 26px; line-height: 1.25; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.contact {
  position: sticky; top: 0; z-index: 1; padding: 10px 20px; text-align: center; font-weight: 600;
  background: var(--bad); color: var(--card);
}
.state { position: relative; overflow: hidden; display: flex; gap: 14px; align-items: start; padding-left: 22px; }
.state::before { content: ""; position: absolute; inset: 0 auto 0 0; width: 5px; background: var(--tone); }
.state .headline { font-size: 19px; font-weight: 650; letter-spacing: -.01em; }
.state .note { font-size: 14px; overflow-wrap: anywhere; }
.light { flex: none; width: 14px; height: 14px; margin-top: 8px; border-radius: 50%; background: var(--tone); }
[data-tone="quiet"] { --tone: var(--soft); }
[data-tone="good"] { --tone: var(--good); }
[data-tone="warn"] { --tone: var(--warn); }
[data-tone="bad"] { --tone: var(--bad); }
[data-tone="warn"] .light { border-radius: 3px; }
[data-tone="bad"] .light { border-radius: 0; transform: rotate(45deg); }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 16px; }
.tile dt { font-size: 13px; font-weight: 600; color: var(--soft); }
.tile dd { display: grid; }
.columns { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); gap: 16px; }
.card-head { display: flex; justify-content: space-between; gap: 4px 12px; flex-wrap: wrap; margin-bottom: 12px; }
.plot { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 10px; }
.scale { display: flex; flex-direction: column; justify-content: space-between; align-items: end; margin: -9px 0; }
.scale, .times { font-size: 12px; color: var(--soft); font-variant-numeric: tabular-nums; }
.times { grid-column: 2; display: flex; justify-content: space-between; }
#bars { display: block; width: 100%; height: 168px; }
#bars line { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
#bars .bar { fill: var(--accent); }
#bars .bar.running { fill: var(--accent-soft); }
#bars .hit { fill: transparent; }
#bars .hit:hover { fill: var(--accent); fill-opacity: .12; }
.left { margin-top: 14px; font-weight: 600; }
.budget { margin-bottom: 10px; }
.money .value, .money .note { display: block; }
.track { height: 10px; margin-top: 5px; border-radius: 5px; overflow: hidden; background: var(--line); }
.fill { height: 100%; min-width: 2px; border-radius: 5px; background: var(--tone); }
.rows { margin-top: 6px; }
.rows div { display: flex; justify-content: space-between; gap: 2px 16px; flex-wrap: wrap; padding: 6px 0; border-top: 1px solid var(--line); }
.rows div:first-child { border-top: 0; }
.rows dt { color: var(--soft); font-size: 14px; }
.rows dd { font-variant-numeric: tabular-nums; font-size: 14px; overflow-wrap: anywhere; text-align: right; margin-left: auto; }
.error { margin-top: 6px; overflow-wrap: anywhere; }
footer { display: flex; justify-content: space-between; flex-wrap: wrap; gap: 4px 16px; padding: 4px 2px 12px; }
a { color: var(--accent); text-underline-offset: 2px; }
nav a { margin-right: 12px; display: inline-block; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
@media (max-width: 760px) {
  main { padding: 18px 14px; gap: 12px; }
  .columns { grid-template-columns: minmax(0, 1fr); gap: 12px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; }
  .card { padding: 14px; }
  .state { padding-left: 18px; }
  .value { font-size: 22px; }
}
@media (prefers-reduced-motion: reduce) { main { transition: none; } }
`;
