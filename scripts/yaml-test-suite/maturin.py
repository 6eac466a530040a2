"""Stands for a build tool. pip asks it for the package's name before it keeps a source archive; nothing is built."""

import pathlib
import re


def prepare_metadata_for_build_wheel(directory, config_settings=None):
    project = pathlib.Path("pyproject.toml").read_text(encoding="utf-8")
    name = re.search(r'(?m)^name = "(.*)"', project)[1]
    cargo = pathlib.Path("Cargo.toml").read_text(encoding="utf-8")
    version = re.search(r'(?m)^version = "(.*)"', cargo)[1]
    information = pathlib.Path(directory, f"{name.replace('-', '_')}-{version}.dist-info")
    information.mkdir()
    information.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
    )
    return information.name
