"""The look of the page: one style sheet, no outside assets."""

HEAD = """<script>document.documentElement.lang = "zh-CN";</script>"""

CSS = """
:root {
  --zc-ink: #1f2937; --zc-soft: #475569; --zc-line: #d8dee9; --zc-paper: #ffffff; --zc-tint: #eff4ff;
  --zc-accent: #1d4ed8; --zc-mark: #fde68a; --zc-lead: #b91c1c; --zc-lead-tint: #fef2f2;
  --zc-support: #475569; --zc-support-tint: #f1f5f9;
}
.dark {
  --zc-ink: #e5e7eb; --zc-soft: #b6c2d4; --zc-line: #374357; --zc-paper: #1b2433; --zc-tint: #1d2c4d;
  --zc-accent: #93b8ff; --zc-mark: #7c5b00; --zc-lead: #fca5a5; --zc-lead-tint: #3f1d1d;
  --zc-support: #cbd5e1; --zc-support-tint: #273244;
}
.gradio-container { max-width: 1360px !important; margin: 0 auto !important; padding: 0 !important; }
.gradio-container .fillable { padding: 0 16px !important; }
.gradio-container main { padding: 0 !important; }
.gradio-container .html-container { padding: 0 !important; }
.zc-header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 14px; padding: 14px 0 4px; }
.zc-header h1 { font-size: 22px; font-weight: 700; margin: 0; color: var(--zc-ink); }
.zc-header p, .zc-footer { margin: 0; font-size: 14px; color: var(--zc-soft); }
.zc-footer { padding: 10px 0 16px; text-align: center; }
.zc-footer a { color: var(--zc-accent); }

#zc-chat { height: calc(100vh - 290px) !important; min-height: 340px; }
#zc-chat .prose, #zc-chat .prose * { font-size: 16px; line-height: 1.7; }
#zc-chat .prose { color: var(--zc-ink); }
#zc-chat .placeholder-content { padding: 0 20px; }
#zc-chat blockquote { border-left: 3px solid var(--zc-accent); padding-left: 12px; color: var(--zc-ink); }
#zc-ask { align-items: stretch; flex-wrap: nowrap; gap: 8px; }
#zc-ask button {
  flex: 0 0 auto; min-width: 64px !important; padding: 0 14px; font-size: 16px; white-space: nowrap;
}
#zc-ask textarea { font-size: 16px; }
#zc-scope label, #zc-scope .container { display: flex; align-items: center; gap: 12px; }
#zc-scope label > span, #zc-scope .container > span { margin: 0; white-space: nowrap; font-size: 14px; }
#zc-scope .wrap { flex: 1; }
.zc-audience { margin: 2px 0 0; font-size: 14px; color: var(--zc-soft); }
.zc-example-row { gap: 6px !important; }
.zc-example-row button {
  flex: 0 1 auto !important; font-size: 14px; font-weight: 400; text-align: left;
  white-space: normal; padding: 6px 10px;
}

#zc-evidence { overflow-wrap: anywhere; }
.zc-empty, .zc-how, .zc-count { color: var(--zc-soft); font-size: 14px; margin: 8px 0; }
.zc-empty { border: 1px dashed var(--zc-line); border-radius: 8px; padding: 14px; }
.zc-heading { font-size: 16px; font-weight: 700; color: var(--zc-ink); margin: 10px 0 6px; }
.zc-heading small { font-weight: 400; font-size: 13px; color: var(--zc-soft); margin-left: 8px; }
.zc-chips { display: flex; flex-wrap: wrap; gap: 6px; margin: 4px 0; }
.zc-chip {
  display: inline-flex; gap: 5px; align-items: baseline; padding: 2px 10px; border-radius: 999px;
  font-size: 14px;
  line-height: 1.6; color: var(--zc-accent); background: var(--zc-tint); border: 1px solid currentColor;
}
.zc-chip small { font-size: 12px; opacity: .85; }
.zc-lead { color: var(--zc-lead); background: var(--zc-lead-tint); }
.zc-support { color: var(--zc-support); background: var(--zc-support-tint); }
.zc-label { color: var(--zc-accent); font-weight: 700; margin-right: 8px; white-space: nowrap; }
.zc-source { font-size: 13px; color: var(--zc-soft); }

.zc-card, .zc-document {
  border: 1px solid var(--zc-line); border-radius: 8px; background: var(--zc-paper); color: var(--zc-ink);
  margin: 0 0 10px; padding: 10px 12px;
}
.zc-card summary, .zc-node summary, .zc-ledger summary { cursor: pointer; list-style: none; }
.zc-card summary::-webkit-details-marker, .zc-node summary::-webkit-details-marker { display: none; }
.zc-card summary > span { display: block; }
.zc-clause { font-size: 16px; font-weight: 600; line-height: 1.5; }
.zc-card q {
  display: block; quotes: none; margin: 8px 0 0; padding-left: 10px; border-left: 3px solid var(--zc-accent);
  font-size: 15px; line-height: 1.7; color: var(--zc-ink);
}
.zc-card:not([open]) q {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden;
}
.zc-more { margin-top: 8px; font-size: 14px; color: var(--zc-accent); }
.zc-more::before { content: "▸ 展开"; }
.zc-card[open] .zc-more::before { content: "▾ 收起"; }
.zc-full {
  margin-top: 8px; font-size: 15px; line-height: 1.8; color: var(--zc-ink); overflow-wrap: anywhere;
}
.zc-card .zc-full {
  border-top: 1px solid var(--zc-line); padding-top: 8px; max-height: 60vh; overflow-y: auto;
}
.zc-full mark { background: var(--zc-mark); color: inherit; padding: 1px 0; border-radius: 2px; }

.zc-download {
  display: inline-block; padding: 6px 16px; border-radius: 8px; background: #1d4ed8; color: #fff !important;
  text-decoration: none !important; font-size: 15px;
}
.zc-ledger { width: 100%; border-collapse: collapse; font-size: 15px; color: var(--zc-ink); }
table.zc-ledger, .zc-ledger tr { border: 0 !important; padding: 0; }
.zc-ledger th {
  white-space: nowrap; text-align: left; font-size: 14px; color: var(--zc-soft); background: var(--zc-tint);
}
.zc-ledger th, .zc-ledger td {
  padding: 8px 10px; vertical-align: top;
  border-width: 0 0 1px !important; border-color: var(--zc-line) !important;
}
.zc-ledger td:nth-child(2) { min-width: 180px; }
.zc-ledger td:nth-child(4) { white-space: nowrap; }
.zc-ledger td:nth-child(5) { max-width: 240px; }
.zc-ledger summary { font-size: 13px; color: var(--zc-accent); }
.zc-ledger details { font-size: 14px; color: var(--zc-soft); }

.zc-facts {
  display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 0; font-size: 14px; color: var(--zc-soft);
}
.zc-tree {
  border: 1px solid var(--zc-line); border-radius: 8px; background: var(--zc-paper); padding: 4px 12px 8px;
}
.zc-node { color: var(--zc-ink); border-top: 1px solid var(--zc-line); padding: 6px 0; }
.zc-tree > .zc-node:first-child { border-top: 0; }
.zc-node .zc-node { margin-left: 16px; }
.zc-node > summary { font-size: 15px; line-height: 1.7; }
.zc-node > summary::before { content: "▸"; color: var(--zc-soft); margin-right: 6px; }
.zc-node[open] > summary::before { content: "▾"; }
.zc-node[open] > summary { font-weight: 600; }
.zc-warning { color: var(--zc-lead); font-size: 14px; }

@media (max-width: 720px) {
  .gradio-container .fillable { padding: 0 10px !important; }
  .zc-header { padding: 8px 0 2px; }
  .zc-header h1 { font-size: 19px; }
  .zc-header p { font-size: 13px; }
  #zc-chat { height: 48vh !important; min-height: 260px; }
  #zc-ask button { padding: 0 10px; min-width: 56px !important; }
  .zc-ledger, .zc-ledger tbody { display: block; margin: 0; }
  .zc-ledger thead { display: none; }
  .zc-ledger tr {
    display: block; margin-bottom: 10px; padding: 6px 0;
    border: 1px solid var(--zc-line) !important; border-radius: 8px;
  }
  .zc-ledger td { display: block; border-width: 0 !important; padding: 3px 12px; max-width: none !important; }
  .zc-ledger td:nth-child(3)::before, .zc-ledger td:nth-child(4)::before {
    content: attr(data-name) "："; font-size: 13px; color: var(--zc-soft);
  }
  .zc-node .zc-node { margin-left: 8px; }
}
"""
