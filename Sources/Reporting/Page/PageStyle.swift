/// The style sheet of a report.
enum PageStyle {
  static let text =
    layout + colors(.light) + "@media screen and (prefers-color-scheme:dark){\n" + colors(.dark)
    + "}\n" + Palette.figureStyle + narrow + print

  private static let layout = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;font:16px/1.55 system-ui,-apple-system,Segoe UI,Roboto,Helvetica \
    Neue,Arial,sans-serif}
    main{max-width:1128px;margin:0 auto;padding:40px 24px 64px}
    h1{font-size:30px;line-height:1.2;margin:0 0 8px;letter-spacing:-.01em;overflow-wrap:anywhere}
    h2{font-size:20px;line-height:1.3;margin:0 0 12px}
    header p{margin:0;overflow-wrap:anywhere}
    section{margin-top:56px}
    figure{margin:0}
    figcaption,section p{font-size:14px;margin:12px 0 0;max-width:70ch}
    section h2+p{margin:0 0 14px}
    .figure{display:block;max-width:100%;height:auto}
    .narrow{display:none}
    .note{font-style:italic}
    details{margin-top:18px;font-size:14px}
    details+details{margin-top:4px}
    summary{cursor:pointer;padding:4px 0}
    details .table{margin-top:8px;max-height:480px}
    .tiles{display:grid;grid-template-columns:repeat(5,1fr);gap:12px;margin:28px 0 0}
    .tiles div{display:grid;grid-row:span \
    3;grid-template-rows:subgrid;row-gap:0;border-radius:8px;padding:12px 14px}
    .tiles dt,.tiles dd{font-size:12.5px;line-height:1.4;margin:0}
    .tiles .number{font-size:22px;font-weight:600;line-height:1.4;white-space:nowrap;\
    font-variant-numeric:tabular-nums}
    .warnings{list-style:none;margin:24px 0 0;padding:12px \
    16px;border-radius:8px;border-left:4px solid;font-size:14px}
    .warnings li+li{margin-top:8px}
    .warnings li{overflow-wrap:anywhere}
    code{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
    nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:28px 0 \
    0;padding:0;font-size:14px}
    .facts{display:grid;grid-template-columns:max-content 1fr;gap:6px 20px;font-size:14px;margin:0}
    .facts dd{margin:0;overflow-wrap:anywhere}
    .table{overflow:auto;margin-top:18px;border-radius:8px}
    table{border-collapse:collapse;font-size:13px;line-height:1.35;min-width:100%;\
    font-variant-numeric:tabular-nums}
    th,td{padding:6px 12px;white-space:nowrap;vertical-align:top}
    th{font-weight:600;position:sticky;top:0;white-space:normal;vertical-align:bottom}
    .many th,.many td{padding:6px 9px;font-size:12.5px}
    .left{text-align:left}
    .right{text-align:right}
    td.wrap{white-space:normal;overflow-wrap:anywhere;min-width:26ch;max-width:64ch}
    @media screen and (min-width:1128px){
    figure{display:grid;grid-template-columns:720px 1fr;gap:0 32px;align-items:start}
    figcaption{margin-top:28px}
    }
    @media screen and (max-width:900px){
    .tiles{gap:8px}
    .tiles div{padding:10px 10px}
    .tiles .number{font-size:17px}
    th,td{padding:6px 8px}
    .many th,.many td{padding:6px 5px;font-size:12px}
    td.wrap{min-width:17ch}
    }
    footer{margin-top:64px;font-size:13px}

    """

  private static func colors(_ palette: Palette) -> String {
    """
    body{background:\(palette.paper);color:\(palette.ink)}
    header p,figcaption,section p,.tiles dt,.tiles dd,.facts dt,\
    footer,summary{color:\(palette.muted)}
    .tiles .number{color:\(palette.ink)}
    .tiles div,.warnings{background:\(palette.panel)}
    .warnings{border-color:\(palette.series[1])}
    .table{border:1px solid \(palette.grid)}
    th{background:\(palette.panel)}
    tbody tr+tr td{border-top:1px solid \(palette.grid)}
    a{color:\(palette.series[0])}

    """
  }

  private static let narrow = """
    @media screen and (max-width:700px){
    main{padding:24px 16px 48px;max-width:560px}
    h1{font-size:25px}
    section{margin-top:44px}
    .wide{display:none}
    .narrow{display:block}
    .tiles{grid-template-columns:repeat(2,1fr)}
    .tiles .number{font-size:22px}
    .tiles div:first-child{grid-column:1 / span 2}
    td.wrap{min-width:15ch}
    .facts{grid-template-columns:1fr;gap:0}
    .facts dd{margin-bottom:8px}
    th,td{padding:6px 9px}
    }

    """

  private static let print = """
    @media print{
    body{font-size:11pt}
    main{max-width:none;padding:0}
    nav{display:none}
    section{margin-top:28px}
    h2,h2+p{break-after:avoid}
    figure{break-inside:avoid}
    figcaption{break-before:avoid}
    details:not([open]){display:none}
    .table{overflow:visible;max-height:none;border:0;break-before:avoid}
    table{font-size:8pt}
    .many{font-size:6.5pt}
    th{position:static}
    th,td{padding:2px 4px}
    .folded{display:none}
    footer{margin-top:20px;break-before:avoid}
    td.wrap{min-width:0}
    .many th,.many td{padding:1px 3px;font-size:6.5pt}
    tr{break-inside:avoid}
    thead{display:table-header-group}
    .wide .figure{width:100%;max-width:680px;max-height:120mm}
    #coefficients .figure,#annotators .figure{max-height:210mm}
    a{color:inherit}
    }

    """
}
