"""What the page's head asks the browser to do before the page itself arrives over the websocket."""

import panel_material_ui as pmui

# Panel imports the bundle of all its components only once it has the page: fetched and read
# meanwhile, under the very address that Panel will name, it is there by then.
BUNDLE = pmui.Page._render_esm(server=True)
TEMPLATE = (
    '{% extends "base.html" %}'
    "{% block preamble %}{{ super() }}"
    f'<link rel="preload" as="fetch" crossorigin="anonymous" href="{BUNDLE}">'
    "{% endblock %}"
    "{% block js_resources %}{{ super() }}"
    f'<script type="text/javascript">importShim("{BUNDLE}");</script>'
    "{% endblock %}"
)
