"""The stylesheet of the hand-written parts of the page; every colour is a brand's variable."""

BASE = """
.rc { font-family: var(--rc-font); color: var(--rc-text); font-size: 14px; line-height: 1.45; }
.rc * { box-sizing: border-box; }
.rc p { margin: 0; }
.rc button { font: inherit; color: inherit; }
.rc :focus-visible { outline: 2px solid var(--rc-accent); outline-offset: 2px; }
.rc .link { background: none; border: 0; padding: 0; cursor: pointer; color: var(--rc-accent);
  text-decoration: underline; text-underline-offset: 3px; }
.rc .badge { display: inline-block; padding: 1px 7px; border-radius: 99px;
  border: 1px solid var(--rc-watch); color: var(--rc-watch); font-size: 11px; font-weight: 600;
  line-height: 1.5; white-space: nowrap; }
.rc .muted { color: var(--rc-muted); }
"""

CARDS = """
.kpis { display: grid; gap: var(--rc-gap);
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 196px), 1fr)); }
.kpis.compact { margin-top: 12px; gap: 12px;
  --share: calc((100% - (var(--columns) - 1) * 12px) / var(--columns));
  grid-template-columns: repeat(auto-fit, minmax(max(118px, var(--share)), 1fr)); }
.kpi { position: relative; display: flex; flex-direction: column; text-align: left; min-width: 0;
  min-height: 128px; padding: 14px var(--rc-padding) 12px; cursor: pointer; overflow: hidden;
  background: var(--rc-surface); border: 1px solid var(--rc-border);
  border-radius: var(--rc-radius); transition: border-color .12s, background .12s; }
.kpi:hover { border-color: var(--rc-accent); background: var(--rc-raised); }
.kpi-label { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px;
  color: var(--rc-muted); font-size: 13px; font-weight: 600; }
.kpi-value { font-family: var(--rc-number-font); font-size: 28px; line-height: 1.25;
  font-weight: 700; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.kpi-number { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 8px; }
.kpi-interval { color: var(--rc-muted); font-size: 12px; line-height: 1.35; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
.kpi-value.is-unknown { color: var(--rc-muted); }
.kpi-foot { display: flex; flex-wrap: wrap; gap: 0 8px; font-size: 12.5px; min-height: 18px; }
.kpi-foot .before, .kpi-foot .why { color: var(--rc-muted); }
.kpi-mark { font-size: 12px; color: var(--rc-muted); border-left: 3px solid var(--rc-accent);
  padding-left: 7px; margin-top: 5px; line-height: 1.35; }
.change { font-weight: 700; font-variant-numeric: tabular-nums; white-space: nowrap; }
.change.good { color: var(--rc-good); }
.change.bad { color: var(--rc-bad); }
.change.even { color: var(--rc-muted); }
.change:hover { text-decoration: underline; text-underline-offset: 3px; }
.spark { display: block; width: 100%; height: 26px; margin-top: auto; padding-top: 4px; }
.spark path { fill: none; stroke: var(--rc-line); stroke-width: 1.75; stroke-linejoin: round;
  vector-effect: non-scaling-stroke; }
.spark line { stroke: var(--rc-line); stroke-width: 6; stroke-linecap: round;
  vector-effect: non-scaling-stroke; }
.kpi.small { min-height: 0; padding: 9px 12px 9px; }
.kpi.small .kpi-label { font-size: 12px; }
.kpi.small .kpi-value { font-size: 18px; }
.kpi.small .kpi-line { display: flex; flex-direction: column; }
.kpi.small .kpi-foot { min-height: 0; font-size: 12px; }
.kpi-note { margin-top: 10px !important; font-size: 12.5px; color: var(--rc-muted); }
@media (max-width: 599px) {
  .kpis, .kpis.compact { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; }
  .kpi:last-child:nth-child(odd) { grid-column: 1 / -1; }
  .kpi { padding: 11px 12px 9px; min-height: 116px; }
  .kpi-value { font-size: 22px; }
}
"""

HERO = """
.hero { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between;
  gap: 8px 24px; padding: 12px var(--rc-padding); border-radius: var(--rc-radius);
  background: var(--rc-gradient); color: var(--rc-on-gradient); }
.hero h1 { margin: 0; font-family: var(--rc-heading-font); font-size: 19px; line-height: 1.3;
  font-weight: 700; letter-spacing: -0.01em; }
.hero .versus { font-weight: 400; }
.hero .facts { display: flex; flex-wrap: wrap; gap: 4px 20px; }
.hero .fact { background: none; border: 0; padding: 3px 0; cursor: pointer; text-align: left;
  color: var(--rc-on-gradient); font-size: 13px; }
.hero .fact b { font-weight: 700; }
.hero .fact span { text-decoration: underline; text-underline-offset: 3px;
  text-decoration-thickness: 1px; }
.hero .fact:hover span { text-decoration-thickness: 2px; }
.hero .fact:focus-visible { outline-color: var(--rc-on-gradient); }
.problems { margin-top: 10px; padding: 9px 14px; border-radius: var(--rc-radius);
  border: 1px solid var(--rc-watch); color: var(--rc-watch); background: var(--rc-surface); }
@media (max-width: 599px) { .hero h1 { font-size: 16px; } .hero { padding: 12px 14px; } }
"""

SECTION = """
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 10px; }
.head h2 { margin: 0; font-family: var(--rc-heading-font); font-size: 16px; line-height: 1.35;
  font-weight: 700; }
.head .unit { color: var(--rc-muted); font-size: 12.5px; }
.head .aside { display: flex; flex: 1 1 auto; align-items: baseline; gap: 10px; }
.head .tools { display: inline-flex; gap: 2px; margin: -3px -6px -3px auto; }
.rc .tool { background: none; border: 0; border-radius: 6px; padding: 4px 6px; cursor: pointer;
  color: var(--rc-accent); font-size: 11.5px; font-weight: 600; line-height: 1.4; }
.rc .tool:hover { background: var(--rc-raised); text-decoration: underline;
  text-underline-offset: 3px; }
.summary { color: var(--rc-muted); font-size: 13px; margin-top: 2px !important;
  text-wrap: pretty; }
.key { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 6px 0 0;
  padding: 0; font-size: 12.5px; }
.key i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px;
  vertical-align: -1px; }
.empty { display: flex; flex-direction: column; align-items: center; justify-content: center;
  gap: 8px; min-height: 150px; text-align: center; color: var(--rc-muted); padding: 18px; }
.empty b { color: var(--rc-text); font-size: 15px; }
.failed { border-left: 4px solid var(--rc-bad); padding: 10px 14px; background: var(--rc-raised);
  border-radius: 6px; }
.failed code { font-family: ui-monospace, Menlo, 'DejaVu Sans Mono', monospace; }
"""

CELL = """
.rc .cell { background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit;
  text-decoration: underline dotted 1px color-mix(in srgb, var(--rc-muted) 60%, transparent);
  text-underline-offset: 4px; }
.rc .cell:hover { color: var(--rc-accent); text-decoration-color: currentcolor; }
"""

PROOF = """
.proof { display: grid; gap: 14px; padding-bottom: 8px; }
.proof h3 { margin: 0; font-size: 12px; text-transform: uppercase; letter-spacing: .06em;
  color: var(--rc-muted); }
.proof .big { font-family: var(--rc-number-font); font-size: 30px; font-weight: 700; }
.proof dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 0; }
.proof dt { color: var(--rc-muted); } .proof dd { margin: 0; overflow-wrap: anywhere; }
.proof pre { margin: 0; padding: 12px 14px; border-radius: 8px; background: var(--rc-page);
  border: 1px solid var(--rc-border); overflow-x: auto; white-space: pre-wrap;
  overflow-wrap: anywhere; font: 12.5px/1.5 ui-monospace, Menlo, 'DejaVu Sans Mono', monospace;
  color: var(--rc-text); max-height: 300px; }
.copy { justify-self: start; padding: 5px 14px; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--rc-accent); background: none; color: var(--rc-accent) !important;
  font-weight: 600; }
.proof .verdict { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 10px 14px;
  border: 1px solid var(--rc-border); border-radius: 8px; background: var(--rc-raised); }
.proof .verdict code { font: 12.5px/1.5 ui-monospace, Menlo, 'DejaVu Sans Mono', monospace;
  overflow-wrap: anywhere; }
.verdict .yes { color: var(--rc-good); } .verdict .no { color: var(--rc-bad); }
.rows { overflow-x: auto; }
.rows table { border-collapse: collapse; width: 100%; font-size: 12.5px;
  font-variant-numeric: tabular-nums; }
.rows th { text-align: left; color: var(--rc-muted); font-weight: 600; vertical-align: bottom; }
.rows th, .rows td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--rc-border); }
.rows td { white-space: nowrap; max-width: 260px; overflow: hidden; text-overflow: ellipsis; }
.rows .number { text-align: right; }
.rows caption { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.pager { display: flex; align-items: center; gap: 12px; padding: 8px 0 14px;
  font-size: 13px; }
.pager button { min-width: 34px; padding: 3px 10px; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--rc-border); background: none; }
.pager button:disabled { opacity: .45; cursor: default; }
"""

INSIGHTS = """
.insights { display: grid; gap: var(--rc-gap);
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); }
.insight { --tone: var(--rc-accent); --of: var(--rc-neutral); display: flex;
  flex-direction: column; gap: 9px; min-width: 0; padding: 14px var(--rc-padding);
  border: 1px solid var(--rc-border);
  border-left: 5px solid var(--of); border-radius: var(--rc-radius);
  background: var(--rc-raised); }
.insight.marketing { --of: var(--rc-series-0); }
.insight.pipeline { --of: var(--rc-series-1); }
.insight.revenue { --of: var(--rc-series-2); }
.insight.data { --of: var(--rc-series-5); }
.insight .of::before { content: ""; display: inline-block; width: 9px; height: 9px;
  border-radius: 50%; margin-right: 7px; background: var(--of); }
.insight.high { --tone: var(--rc-bad); }
.insight.medium { --tone: var(--rc-watch); }
.insight .top { display: flex; justify-content: space-between; gap: 12px; font-size: 12.5px; }
.insight .severity { color: var(--tone); font-weight: 700; }
.insight .impact { margin-left: 10px; color: var(--rc-text); font-variant-numeric: tabular-nums; }
.insight .severity span { font-size: 9px; letter-spacing: 1px; vertical-align: 1px; }
.of { color: var(--rc-muted); }
.insight h3 { margin: 0; font-size: 16px; line-height: 1.4; font-weight: 700; }
.insight .evidence { font-size: 13px; font-variant-numeric: tabular-nums; }
.insight .evidence b { font-weight: 600; color: var(--rc-muted); }
.insight .why { font-size: 13px; color: var(--rc-muted); }
.confidence, .drivers li { display: grid; align-items: center; gap: 10px; font-size: 12.5px;
  grid-template-columns: minmax(90px, 34%) 1fr 90px; }
.confidence span { color: var(--rc-muted); }
.confidence b, .drivers b { font-variant-numeric: tabular-nums; text-align: right; }
.confidence i, .drivers i { height: 7px; border-radius: 4px; overflow: hidden; display: block;
  background: var(--rc-border); }
.confidence em, .drivers em { display: block; height: 100%; background: var(--rc-accent); }
.drivers { list-style: none; margin: 0; padding: 0; display: grid; gap: 4px; }
.drivers em { background: var(--rc-neutral); }
.do { padding: 10px 12px; border-radius: 8px; background: var(--rc-surface); font-size: 13px; }
.do h4 { margin: 0 0 3px; font-size: 12px; color: var(--rc-muted); font-weight: 700; }
.do ul { margin: 0; padding-left: 18px; }
.insight .leads { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; }
details summary { cursor: pointer; color: var(--rc-accent); font-size: 13px; font-weight: 600; }
details .proof { margin-top: 8px; }
.quiet { display: flex; flex-direction: column; gap: 4px; align-items: center; padding: 34px 16px;
  border: 1px dashed var(--rc-border); border-radius: var(--rc-radius); text-align: center;
  color: var(--rc-muted); }
.quiet b { font-size: 17px; color: var(--rc-text); }
.asked { margin: 18px 0 8px; font-size: 13px; color: var(--rc-muted); }
.rest { list-style: none; margin: 0; padding: 0; display: grid; gap: 7px; font-size: 13.5px; }
.rest .state { display: inline-block; min-width: 74px; font-weight: 700; font-size: 12.5px; }
.rest .state.fine { color: var(--rc-good); }
.rest .state.unknown { color: var(--rc-watch); }
"""
