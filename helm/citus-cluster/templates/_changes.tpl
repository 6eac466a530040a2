{{/*
How nodes of the release that is there log in, as far as Helm sees it: ssl.mode and auth.nodes, as a YAML
mapping. They are in the ConfigMap of settings, and were in the coordinator's template before there was one.
Empty without a cluster to look at, as with `helm template`.
*/}}
{{- define "citus.before" -}}
{{- $before := dict -}}
{{- $settings := lookup "v1" "ConfigMap" .Release.Namespace (include "citus.settingsName" .) | default dict -}}
{{- $data := $settings.data | default dict -}}
{{- $found := lookup "apps/v1" "StatefulSet" .Release.Namespace (printf "%s-0" (include "citus.name" .)) | default dict -}}
{{- range dig "spec" "template" "spec" "containers" list $found -}}
{{- range .env -}}
{{- if has .name (list "PGSSLMODE" "NODE_AUTH") -}}
{{- $_ := set $before .name .value -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range list "PGSSLMODE" "NODE_AUTH" -}}
{{- if hasKey $data . -}}
{{- $_ := set $before . (get $data .) -}}
{{- end -}}
{{- end -}}
{{- toYaml $before -}}
{{- end -}}

{{/* The two ladders of docs/CHANGES.md, for the values that are there; each item is a step. */}}
{{- define "citus.sslSteps" -}}
{{- toJson (list (list "disable") (list "prefer" "allow") (list "require") (list "verify-ca") (list "verify-full")) -}}
{{- end -}}

{{- define "citus.authSteps" -}}
{{- toJson (list (list "trust") (list "scram-sha-256" "md5") (list "scram-sha-256,cert" "md5,cert") (list "cert,scram-sha-256" "cert,md5") (list "cert")) -}}
{{- end -}}

{{/* Words of the steps between two values, joined. Called with before, after and steps. */}}
{{- define "citus.stepsBetween" -}}
{{- $before := -1 -}}
{{- $after := -1 -}}
{{- range $number, $words := .steps -}}
{{- if has $.before $words -}}{{- $before = $number -}}{{- end -}}
{{- if has $.after $words -}}{{- $after = $number -}}{{- end -}}
{{- end -}}
{{- $alternative := ternary 1 0 (contains "md5" (printf "%s %s" .before .after)) -}}
{{- $between := list -}}
{{- if and (ge $before 0) (ge $after 0) -}}
{{- range $number, $words := .steps -}}
{{- if or (and (gt $number $before) (lt $number $after)) (and (lt $number $before) (gt $number $after)) -}}
{{- $between = append $between (index $words (min $alternative (sub (len $words) 1))) -}}
{{- end -}}
{{- end -}}
{{- if gt $before $after -}}{{- $between = reverse $between -}}{{- end -}}
{{- end -}}
{{- join " and " $between -}}
{{- end -}}

{{/* A line for each value whose change skips steps. */}}
{{- define "citus.skippedSteps" -}}
{{- $before := include "citus.before" . | fromYaml -}}
{{- $changes := list
  (dict "value" "ssl.mode" "before" $before.PGSSLMODE "after" (include "citus.sslMode" .) "steps" (include "citus.sslSteps" . | fromJsonArray))
  (dict "value" "auth.nodes" "before" $before.NODE_AUTH "after" (include "citus.nodeAuth" .) "steps" (include "citus.authSteps" . | fromJsonArray)) -}}
{{- $lines := list -}}
{{- range $changes -}}
{{- if .before -}}
{{- $between := include "citus.stepsBetween" . -}}
{{- if $between -}}
{{- $lines = append $lines (printf "%s changes from %s to %s and skips %s." .value .before .after $between) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- join "\n" $lines -}}
{{- end -}}
