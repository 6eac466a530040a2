# shellcheck shell=bash
# The packages whose libraries are linked into the release.

readonly linked_packages=(libssl-dev libyaml-dev libc6-dev)

# Prints a line for each of them: its name, the version here, and the one that the package archive offers; `?`
# where there are no lists of the archive's to look in, `-` where the package is not installed.
linked_versions() {
  apt-cache policy "${linked_packages[@]}" 2>/dev/null | awk '
    /^[^ ]/ { package = substr($1, 1, length($1) - 1); packages[++count] = package; offered[package] = "?" }
    $1 == "Installed:" { installed[package] = $2 == "(none)" ? "-" : $2 }
    $1 == "Candidate:" { candidate[package] = $2 }
    # What only dpkg has on its list of what is installed is no offer.
    $1 ~ /^[0-9]+$/ && $2 !~ /dpkg.status$/ { offered[package] = candidate[package] }
    END { for (i = 1; i <= count; i++) print packages[i], installed[packages[i]], offered[packages[i]] }'
}

# Prints those of the lines it is given that name a package older than the archive's.
outdated() {
  local package installed offered
  while read -r package installed offered; do
    case "$installed $offered" in
    -* | *\?) ;;
    *) ! dpkg --compare-versions "$installed" lt "$offered" || echo "$package $installed $offered" ;;
    esac
  done
}

# Prints a line for each of them: the name of its source package, and the version of that which the archive offers.
offered_sources() {
  apt-cache show --no-all-versions "${linked_packages[@]}" | awk '
    $1 == "Package:" { source = $2 }
    $1 == "Source:" { source = $2 }
    # Built again without a change of the source.
    $1 == "Version:" { version = $2; sub(/[+]b[0-9]+$/, "", version) }
    function flush() { if (source != "") print source, version; source = "" }
    /^$/ { flush() }
    END { flush() }'
}
