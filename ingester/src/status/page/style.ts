/**
 * Contrast in both schemes: at least 4.5 to 1 for text, 3 to 1 for bars and borders. Every state has a sign, a shape or a
 * pattern of its own, so that no two are distinguished by colour alone.
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --back: #f4f5f7; --card: #ffffff; --line: #858c99; --text: #15181e; --soft: #566070;
  --accent: #2563c9; --good: #1a7a48; --warn: #935600; --bad: #bd2c27;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0f1216; --card: #181c22; --line: #707a89; --text: #e9ebef; --soft: #9ba4b3;
    --accent: #6ba3f8; --good: #4cc38a; --warn: #e3ad4b; --bad: #ff7d75;
  }
}
* { box-sizing: border-box; margin: 0; padding: 0; }
body {
  background: var(--back); color: var(--text); overflow-wrap: anywhere;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
[hidden] { display: none !important; }
ul { list-style: none; }
main { max-width: 1120px; margin: 0 auto; padding: 24px 20px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; }
.columns { display: grid; grid-template-columns: minmax(0, 8fr) minmax(0, 5fr); gap: 14px; align-items: start; }
.queries, .column { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; }
header, footer, .card-head { display: flex; justify-content: space-between; align-items: baseline; gap: 4px 16px; flex-wrap: wrap; }
h1 { font-size: 22px; line-height: 1.2; }
h2, dt { font-size: 13px; font-weight: 600; color: var(--soft); }
.keep { white-space: nowrap; }
.note { font-size: 13px; color: var(--soft); font-weight: 400; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; min-width: 0; }
.stale .card { border-style: dashed; }
.value { font-size: 24px; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
.value.long { font-size: 17px; }

.state { display: flex; gap: 14px; align-items: start; border-left: 6px solid var(--tone); }
.word { font-size: 13px; font-weight: 700; color: var(--tone); text-transform: uppercase; letter-spacing: .04em; }
.headline { font-size: 20px; line-height: 1.3; font-weight: 650; }
.light {
  flex: none; width: 40px; height: 40px; display: grid; place-items: center;
  background: var(--tone); color: var(--card); font-size: 20px; font-weight: 800; line-height: 1;
}
[data-light="green"] { --tone: var(--good); }
[data-light="amber"] { --tone: var(--warn); }
[data-light="red"] { --tone: var(--bad); }
[data-light="grey"], [data-light="none"] { --tone: var(--soft); }
[data-light="green"] .light, [data-light="grey"] .light { border-radius: 50%; }
[data-light="amber"] .light { clip-path: polygon(50% 0, 100% 100%, 0 100%); padding-top: 12px; }
[data-light="red"] .light { clip-path: polygon(30% 0, 70% 0, 100% 30%, 100% 70%, 70% 100%, 30% 100%, 0 70%, 0 30%); }
[data-light="grey"] .light, [data-light="none"] .light { background: var(--card); color: var(--tone); border: 3px dotted var(--tone); }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr)); gap: 14px; }
.tile dd { display: grid; }
.actions li { padding-left: 14px; border-left: 3px solid var(--line); margin-top: 8px; }
.actions .note { display: block; }

.text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; margin-bottom: 10px; }
.track { position: relative; height: 26px; border: 1px solid var(--line); overflow: hidden; background: var(--card); display: flex; }
.stretch { position: absolute; top: 0; bottom: 0; min-width: 4px; }
.share { flex: none; min-width: 0; }
.ends, .times { display: flex; justify-content: space-between; gap: 10px; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; margin: 4px 0 8px; }
.swatch { display: inline-block; width: 22px; height: 12px; margin-right: 6px; border: 1px solid var(--line); vertical-align: -1px; }
.plain { list-style: disc; padding-left: 20px; }
.missing li { padding: 4px 0; }
.owned, .spent { background: var(--accent); }
.recent { background: repeating-linear-gradient(90deg, var(--accent) 0 3px, var(--card) 3px 5px); }
.searched { background: repeating-linear-gradient(0deg, var(--accent) 0 3px, var(--card) 3px 6px); }
.heard { background: radial-gradient(circle, var(--accent) 1.3px, transparent 1.6px) 0 0 / 6px 6px, var(--card); }
.buying, .atRisk { background: repeating-linear-gradient(135deg, var(--warn) 0 4px, var(--card) 4px 8px); }
.hole { background: var(--card); box-shadow: inset 0 0 0 2px var(--bad); }
.lost { background: repeating-linear-gradient(45deg, var(--bad) 0 2px, transparent 2px 6px), repeating-linear-gradient(135deg, var(--bad) 0 2px, var(--card) 2px 6px); }
.unread { background: radial-gradient(circle, var(--soft) 1.3px, transparent 1.6px) 0 0 / 6px 6px, var(--card); }
.reserved { background: radial-gradient(circle, var(--accent) 1.3px, transparent 1.6px) 0 0 / 6px 6px, var(--card); }
.others { background: repeating-linear-gradient(0deg, var(--soft) 0 3px, var(--card) 3px 6px); }

.plot { position: relative; height: 160px; margin: 10px 0 4px 44px; border-left: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.tick { position: absolute; left: 0; right: 0; border-top: 1px dotted var(--line); }
.tick span { position: absolute; right: 100%; padding-right: 6px; top: -9px; white-space: nowrap; font-size: 12px; color: var(--soft); }
.bars { position: absolute; inset: 0; display: grid; grid-template-columns: repeat(60, minmax(0, 1fr)); align-items: end; }
.minute { margin: 0 8%; }
.minute.some { background: var(--accent); min-height: 2px; }
.minute.running.some { background: repeating-linear-gradient(0deg, var(--accent) 0 3px, var(--card) 3px 5px); }
.minute.nodata { margin: 0; background: repeating-linear-gradient(135deg, var(--line) 0 1px, transparent 1px 7px); }
.minute.picked { outline: 2px solid var(--text); outline-offset: 1px; min-height: 2px; }
.times { margin-left: 44px; }
.pick { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: center; margin-top: 6px; font-size: 13px; }
.pick input { flex: 1 1 160px; min-width: 0; accent-color: var(--accent); }

.money .track { margin: 10px 0; height: 18px; }
.shares li, .limits li { margin-top: 6px; }
.shares .note { display: block; margin-left: 28px; }
.limits { margin: 10px 0; font-weight: 600; }
#rate { margin-top: 10px; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 180px), 1fr)); gap: 8px 16px; margin-top: 10px; padding-top: 10px; border-top: 1px solid var(--line); }
.figures dd { font-size: 14px; font-variant-numeric: tabular-nums; }
.rows { margin-top: 6px; }
.rows div { display: flex; justify-content: space-between; gap: 0 16px; flex-wrap: wrap; padding: 5px 0; border-top: 1px solid var(--line); }
.rows dd { font-variant-numeric: tabular-nums; font-size: 14px; text-align: right; margin-left: auto; }
.error { margin: 4px 0; font-weight: 600; }
a { color: var(--accent); text-underline-offset: 2px; }
nav a { margin-right: 12px; display: inline-block; }
a:focus-visible, input:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
@media (max-width: 1000px) { .tile:has(.long) { grid-column: 1 / -1; } }
@media (max-width: 760px) {
  main { padding: 14px 10px; gap: 10px; }
  .columns, .column, .queries, .tiles { gap: 10px; }
  .columns { grid-template-columns: minmax(0, 1fr); }
  .card { padding: 12px; }
  .light { width: 32px; height: 32px; font-size: 16px; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(min(100%, 150px), 1fr)); }
}
@media (max-width: 340px) {
  .state { gap: 8px; }
  .headline { font-size: 15px; }
}
@media (forced-colors: active) { .track, .swatch, .bars, .light { forced-color-adjust: none; } }
`;
