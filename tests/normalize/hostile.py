"""Texts that try to do harm, and a look for what is left of it."""

from html.parser import HTMLParser

BODIES = (
    "<script>alert(1)</script>a",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>a",
    "<script/src=data:,alert(1)>a",
    "<scr<script>ipt>alert(1)</scr</script>ipt>a",
    "<<script>alert(1)//<</script>a",
    "<script\x0c>alert(1)</script>a",
    "<script\x00>alert(1)</script>a",
    "a<script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src='x' onerror='alert(1)' onload=alert(2)>",
    '<img src="javascript:alert(1)">',
    '<img """><script>alert(1)</script>">',
    "<img src=`x`onerror=alert(1)>",
    "<img srcset='javascript:alert(1) 1x, x onerror=y 2x'>",
    "<img lowsrc=javascript:alert(1) dynsrc=javascript:alert(1)>a",
    "<img data-src='javascript:alert(1)' hidden>a",
    "<amp-img src=javascript:alert(1) onerror=alert(1)>a</amp-img>",
    '<a href="javascript:alert(1)">a</a>',
    '<a href="JaVaScRiPt:alert(1)">a</a>',
    '<a href=" javascript:alert(1)">a</a>',
    '<a href="java\tscript:alert(1)">a</a>',
    '<a href="java\nscript:alert(1)">a</a>',
    '<a href="&#106;avascript:alert(1)">a</a>',
    '<a href="&#x6A&#x61vascript:alert(1)">a</a>',
    '<a href="javascript&colon;alert(1)">a</a>',
    '<a href="\x01javascript:alert(1)">a</a>',
    '<a href="\u00a0javascript:alert(1)">a</a>',
    '<a href="\u2028javascript:alert(1)">a</a>',
    '<a href="vbscript:msgbox(1)">a</a>',
    '<a href="data:text/html,<script>alert(1)</script>">a</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">a</a>',
    '<a href="file:///etc/passwd">a</a>',
    '<a href="feed:javascript:alert(1)">a</a>',
    '<a href="view-source:javascript:alert(1)">a</a>',
    '<a href="https://user:secret@example.org/">a</a>',
    "<a href=x onclick=alert(1) onmouseover=alert(2)>a</a>",
    "<a href='x' style='behavior:url(x)'>a</a>",
    "<a xlink:href='javascript:alert(1)'>a</a>",
    "<base href=javascript:alert(1)//><a href=x>a</a>",
    "<base href=//evil.example/><a href=x>a</a>",
    "<iframe src=javascript:alert(1)></iframe>a",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>a",
    "<iframe src=https://www.youtube.com/embed/x srcdoc='<script>alert(1)</script>'><script>alert(1)</script></iframe>",
    "<iframe src=data:text/html,x></iframe>a",
    "<iframe src=https://www.youtube.com@evil.example/></iframe>a",
    "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>a",
    "<object data=javascript:alert(1)>a</object>",
    "<object type=text/x-scriptlet data=//evil.example/x>a</object>",
    "<embed src=javascript:alert(1)>a",
    "<applet code=x archive=y>a</applet>",
    "<svg onload=alert(1)>a</svg>b",
    "<svg><script>alert(1)</script></svg>b",
    "<svg><a xlink:href=javascript:alert(1)><text>a</text></a></svg>b",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>b",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>b",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">b',
    "<math><mi xlink:href=javascript:alert(1)>a</mi></math>b",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">b',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>b",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">a',
    "<noscript><script>alert(1)</script><img src=x onerror=alert(1)></noscript>a",
    "<style>@import 'javascript:alert(1)';</style>a",
    '<style><img src="</style><img src=x onerror=alert(1)//">a',
    "<link rel=stylesheet href=javascript:alert(1)>a",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>a",
    "<p style='background:url(javascript:alert(1))'>a</p>",
    "<p style='width:expression(alert(1))'>a</p>",
    "<div style='position:fixed;inset:0'>a</div>",
    "<form action=javascript:alert(1)><input type=submit value=x autofocus onfocus=alert(1)>a</form>",
    "<button formaction=javascript:alert(1)>x</button>a",
    "<input type=image src=x onerror=alert(1)>a",
    "<select onfocus=alert(1) autofocus><option>x</select>a",
    "<textarea onfocus=alert(1) autofocus>x</textarea>a",
    "<keygen onfocus=alert(1) autofocus>a",
    "<video onerror=alert(1)><source onerror=alert(1) src=x></video>",
    "<video poster=javascript:alert(1) src=x></video>",
    "<audio src=javascript:alert(1) onloadstart=alert(1)></audio>a",
    "<details open ontoggle=alert(1)><summary>a</summary>b</details>",
    "<marquee onstart=alert(1)>a</marquee>",
    "<body onload=alert(1)>a",
    "<table background=javascript:alert(1)><tr><td background=javascript:alert(1)>a</table>",
    "<blockquote cite=javascript:alert(1)>a</blockquote>",
    "<q cite='data:text/html,x'>a</q>",
    "<template><script>alert(1)</script></template>a",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<title><script>alert(1)</script></title>a",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->a",
    "<!-- --!><script>alert(1)</script> -->a",
    "<![CDATA[<script>alert(1)</script>]]>a",
    "<?xml-stylesheet href='javascript:alert(1)'?>a",
    "]]><script>alert(1)</script>a",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<x onclick=alert(1)>a</x>",
    "<p/onclick=alert(1)>a",
    "<a href=x\u0000 onclick=alert(1)>a</a>",
    "<a title='\"><script>alert(1)</script>' href=x>a</a>",
    "<img alt='\" onerror=\"alert(1)' src=x>",
    "<p>a</p\x0bonclick=alert(1)>",
    "</p><script>alert(1)</script><p>a",
    "</div></body></html><script>alert(1)</script>a",
    "<isindex type=image src=1 onerror=alert(1)>a",
    "<portal src=javascript:alert(1)></portal>a",
    "<dialog open onclose=alert(1)>a</dialog>",
    "<a href=x target=_blank ping=//evil.example/>a</a>",
)

_ELEMENTS = frozenset(
    ("script", "style", "object", "embed", "applet", "link", "meta", "base", "form", "input", "button", "select", "svg")
) | frozenset(("textarea", "math", "frame", "frameset", "noscript", "template", "title", "xmp", "plaintext", "portal"))
_FRAMES = ("https://www.youtube.com/", "http://www.youtube.com/")


class _Look(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ELEMENTS:
            self.harm.append(f"<{tag}>")
        if tag == "iframe" and not (dict(attrs).get("src") or "").startswith(_FRAMES):
            self.harm.append("a frame of a stranger")
        for name, value in attrs:
            text = "".join((value or "").split()).lower()
            if name.startswith("on") or name in ("style", "id", "class", "srcdoc", "formaction", "ping", "target"):
                self.harm.append(f"{tag} {name}")
            if name in ("href", "src", "cite", "poster", "srcset", "background", "data", "action", "xlink:href"):
                if not text.startswith(("http://", "https://", "mailto:", "tel:")):
                    self.harm.append(f"{tag} {name}={value!r}")
                if "javascript:" in text or "data:" in text or "secret@" in text:
                    self.harm.append(f"{tag} {name}={value!r}")

    def handle_comment(self, data: str) -> None:
        self.harm.append("a comment")


def harm_in(html: str | None) -> list[str]:
    """Return what in the HTML could do harm, as an HTML parser of another make reads it."""
    look = _Look()
    look.feed(html or "")
    look.close()
    return look.harm
