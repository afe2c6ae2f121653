"""The style sheet of the pack: a page on the screen, sheets of A4 or Letter on paper."""

SCREEN = """
* { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
html { background: var(--rc-page); }
body { margin: 0 auto; max-width: 1120px; padding: 0 20px 40px; background: var(--rc-page);
  color: var(--rc-text); font: 13px/1.45 var(--rc-font); }
p, h1, h2, h3, ul { margin: 0; padding: 0; overflow-wrap: anywhere; }
ul { list-style: none; }
h1, h2, h3 { font-family: var(--rc-heading-font); line-height: 1.25; font-weight: 700; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
.number, .value { font-variant-numeric: tabular-nums; }
.cover { margin: 20px 0; border-radius: var(--rc-radius); background: var(--rc-gradient);
  color: var(--rc-on-gradient); padding: 40px 36px 30px; }
.cover .kicker { font-size: 14px; letter-spacing: .14em; text-transform: uppercase;
  font-weight: 600; }
.cover h1 { font-size: 38px; margin: 8px 0 2px; letter-spacing: -.02em; overflow-wrap: anywhere; }
.cover .versus { font-size: 17px; }
.cover .facts { display: flex; flex-wrap: wrap; gap: 2px 26px; margin-top: 12px; }
.domain { margin-top: 20px; }
.domain h2 { font-size: 15px; margin-bottom: 7px; }
.facts span { white-space: nowrap; }
.glance { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 0 22px;
  margin-top: 18px; font-size: 12.5px; }
.glance h3 { font-size: 16px; margin-bottom: 5px; }
.glance li { display: grid; grid-template-columns: 1fr max-content 96px; gap: 6px;
  border-bottom: 1px solid var(--rc-border); padding: 6px 0; font-variant-numeric: tabular-nums; }
.glance b, .glance .change { text-align: right; }
.tiles { display: grid; gap: 10px; grid-template-columns: repeat(6, minmax(0, 1fr)); }
.tile { background: var(--rc-surface); color: var(--rc-text); border-radius: var(--rc-radius);
  padding: 10px 11px 9px; min-height: 112px; display: flex; flex-direction: column; min-width: 0; }
.tile .label { color: var(--rc-muted); font-size: 11px; font-weight: 600; }
.tile .value { font: 700 23px/1.25 var(--rc-number-font); letter-spacing: -.02em; }
.tile .value.long { font-size: 18px; line-height: 1.6; }
.tile .foot { font-size: 11.5px; color: var(--rc-muted); line-height: 1.35; }
.spark { width: 100%; height: 20px; margin-top: auto; }
.spark path { fill: none; stroke: var(--rc-line); stroke-width: 1.75; stroke-linejoin: round;
  vector-effect: non-scaling-stroke; }
.spark line { stroke: var(--rc-line); stroke-width: 5; stroke-linecap: round;
  vector-effect: non-scaling-stroke; }
.change { font-weight: 700; white-space: nowrap; }
.good { color: var(--rc-good); } .bad { color: var(--rc-bad); } .even { color: var(--rc-muted); }
.badge { border: 1px solid var(--rc-watch); color: var(--rc-watch); border-radius: 99px;
  padding: 0 6px; font-size: 10.5px; font-weight: 600; white-space: nowrap; }
.sheet { margin-top: 34px; }
.sheet > header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 24px;
  align-items: end; border-bottom: 2px solid var(--rc-accent); padding-bottom: 7px; }
.sheet > header h2 { font-size: 23px; letter-spacing: -.01em; }
.sheet > header .lead { color: var(--rc-muted); }
.stamp { color: var(--rc-muted); font-size: 11.5px; text-align: right; line-height: 1.4; }
.exhibits { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); gap: 16px;
  margin-top: 14px; }
.exhibit { grid-column: span var(--span); min-width: 0; background: var(--rc-surface);
  border: 1px solid var(--rc-border); border-radius: var(--rc-radius); padding: 13px 16px 10px;
  display: flex; flex-direction: column; }
.exhibit > h3 { font-size: 15px; display: flex; flex-wrap: wrap; gap: 0 8px;
  align-items: baseline; }
.exhibit > h3 span { font: 400 12px var(--rc-font); color: var(--rc-muted); }
.exhibit .said { color: var(--rc-text); margin-bottom: 8px; }
.exhibit .drawn { overflow-x: auto; margin: 2px 0 6px; }
.key { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 11.5px; margin-bottom: 6px; }
.key i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 5px; }
.fine:empty { display: none; }
.fine { font-size: 10.5px; line-height: 1.4; color: var(--rc-muted); margin-top: auto;
  padding-top: 6px; border-top: 1px solid var(--rc-border); overflow-wrap: anywhere; }
.unknown { padding: 22px 12px; text-align: center; color: var(--rc-muted); }
.unknown b { display: block; font-size: 26px; line-height: 1.1; color: var(--rc-text); }
.told { display: grid; gap: 4px; font-size: 12px; color: var(--rc-muted); margin-top: 8px; }
.wide { overflow-x: auto; }
:focus-visible { outline: 2px solid var(--rc-accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 12px;
  font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--rc-muted); font-weight: 600; vertical-align: bottom; }
th, td { padding: 4px 8px 4px 0; border-bottom: 1px solid var(--rc-border); }
td { vertical-align: top; }
th.number, td.number { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
td.number + td.words, th.number + th.words { padding-left: 16px; }
.exhibit tbody tr:last-child td { border-bottom: 0; }
.cohorts { overflow-x: auto; }
.cohorts table { border-collapse: separate; border-spacing: 1.5px; font-size: 10px;
  line-height: 1.2; }
.cohorts th, .cohorts td { border: 0; padding: 2px 4px; text-align: right; }
.cohorts th:first-child { text-align: left; white-space: nowrap; color: var(--rc-text); }
.cohorts td { border-radius: 3px; min-width: 28px;
  background: color-mix(in srgb, var(--rc-line) var(--share), var(--rc-surface)); }
.cohorts td.size, .cohorts td.later { background: none; color: var(--rc-muted); }
.cohorts tr.total td, .cohorts tr.total th { font-weight: 700; }
.news { display: grid; gap: 14px; grid-template-columns: repeat(3, minmax(0, 1fr));
  margin-top: 14px; }
.insight { --tone: var(--rc-accent); border: 1px solid var(--rc-border); min-width: 0;
  border-left: 5px solid var(--tone); border-radius: var(--rc-radius); padding: 12px 16px;
  background: var(--rc-surface); display: flex; flex-direction: column; gap: 6px; }
.insight.high { --tone: var(--rc-bad); } .insight.medium { --tone: var(--rc-watch); }
.insight .of { display: flex; justify-content: space-between; font-size: 12px;
  color: var(--rc-muted); }
.insight .of b { color: var(--tone); }
.insight h3 { font: 700 14px/1.3 var(--rc-font); }
.insight .evidence { font-size: 10.5px; line-height: 1.35; color: var(--rc-muted);
  font-variant-numeric: tabular-nums; }
.insight .do { margin-top: auto; background: var(--rc-raised); border-radius: 6px;
  padding: 5px 10px; font-size: 11px; line-height: 1.4; }
.drivers { display: grid; gap: 3px; font-size: 12px; }
.drivers li { display: grid; grid-template-columns: 46% 1fr 58px;
  gap: 10px; align-items: center; }
.drivers i { height: 7px; border-radius: 4px; background: var(--rc-border); overflow: hidden; }
.drivers em { display: block; height: 100%; background: var(--rc-neutral); }
.drivers b { text-align: right; }
ul.asked { columns: 2; column-gap: 32px; margin-top: 14px; font-size: 13px; line-height: 1.45; }
ul.asked li { break-inside: avoid; padding: 0 0 11px 78px; text-indent: -78px; }
.money { font-weight: 700; color: var(--rc-text); }
ul.asked b { display: inline-block; min-width: 78px; text-indent: 0; }
ul.asked span { color: var(--rc-muted); }
.quiet { padding: 30px; margin-top: 14px; text-align: center; border: 1px dashed var(--rc-border);
  border-radius: var(--rc-radius); color: var(--rc-muted); }
.quiet b { display: block; font-size: 17px; color: var(--rc-text); }
.traced { margin: 12px 0 6px; }
.appendix h3 { font-size: 15px; margin: 18px 0 5px; break-after: avoid; }
.appendix table { font-size: 11px; table-layout: auto; }
.appendix td small { display: block; color: var(--rc-muted); font-size: 10.5px; }
.appendix pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--rc-text);
  font: 10.5px/1.45 ui-monospace, Menlo, 'DejaVu Sans Mono', monospace; }
.appendix .state { font-weight: 700; }
@media (max-width: 760px) {
  body { padding: 0 12px 30px; }
  .cover { padding: 26px 18px; } .cover h1 { font-size: 26px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .exhibit { grid-column: 1 / -1; } ul.asked { columns: 1; }
  .glance { grid-template-columns: minmax(0, 1fr); }
  .news { grid-template-columns: minmax(0, 1fr); }
  .exhibit.whole svg { min-width: 760px; }
  .glance h3 { margin-top: 12px; }
  .stamp { text-align: left; }
  .wide table { min-width: 620px; }
}
"""

PRINT = """
@page { size: landscape; margin: 10mm 13mm 13mm;
  @bottom-left { content: %(left)s; %(look)s }
  @bottom-center { content: %(middle)s; %(look)s }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); %(look)s } }
@page cover { margin: 0; @bottom-left { content: none } @bottom-center { content: none }
  @bottom-right { content: none } }
@media print {
  html, body { background: #fff; }
  body { max-width: none; padding: 0; font-size: 12px; }
  .cover { page: cover; margin: 0; border-radius: 0; padding: 12mm 14mm 8mm; height: 100vh;
    display: flex; flex-direction: column; break-after: page; }
  .domain { margin-top: 16px; flex: 1; display: flex; flex-direction: column; }
  .domain .tiles { flex: 1; }
  .tile .value { font-size: 26px; }
  .spark { height: 30px; }
  .sheet { margin-top: 0; break-before: page; }
  .cover + .sheet { break-before: auto; }
  .exhibits { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 10px; }
  .exhibit { break-inside: avoid; padding: 10px 13px 8px;
    flex: 0 0 calc((100%% - 11 * 12px) / 12 * var(--span) + (var(--span) - 1) * 12px); }
  .exhibit .drawn, .wide, .cohorts { overflow: visible; }
  .insight, tr, .quiet { break-inside: avoid; }
  th, td { padding-top: 3px; padding-bottom: 3px; }
  thead { display: table-header-group; }
}
"""
FOOTER_LOOK = "font: 8.5px %s; color: %s; vertical-align: top; padding-top: 3mm;"
