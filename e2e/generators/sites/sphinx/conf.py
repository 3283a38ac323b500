import os
import sys

sys.path.insert(0, os.path.abspath("library"))
project = "Harbor"
author = "The writers of Harbor"
release = os.environ["HARBOR_VERSION"]
version = release
language = os.environ["HARBOR_LANGUAGE"]
extensions = ["myst_parser", "sphinx_design", "sphinx_copybutton", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
myst_enable_extensions = ["colon_fence", "tasklist"]
myst_heading_anchors = 3
html_theme = os.environ["HARBOR_THEME"]
html_title = f"Harbor {release} documentation"
templates_path = ["_templates"]
html_last_updated_fmt = "%Y"
html_context = {"display_github": True, "github_user": "harbor", "github_repo": "harbor", "github_version": "main", "conf_py_path": "/"}
if html_theme == "furo":
    html_theme_options = {"source_repository": "https://github.com/harbor/harbor/", "source_branch": "main", "source_directory": "docs/"}
