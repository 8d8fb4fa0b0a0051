"""How the documentation is built."""

project = "SFCC Snow"
copyright = "2026, the SFCC Snow maintainers"  # noqa: A001
extensions = ["myst_parser", "sphinx_copybutton"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "SFCC Snow"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {
        "font-stack": "Lato, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
        "color-brand-primary": "#00627e",
        "color-brand-content": "#00627e",
    },
    "dark_css_variables": {"color-brand-primary": "#62bdd6", "color-brand-content": "#62bdd6"},
}
pygments_style = "friendly"
pygments_dark_style = "native"
exclude_patterns = ["_build"]
copybutton_prompt_text = "$ "
copybutton_line_continuation_character = "\\"
copybutton_here_doc_delimiter = "END"
