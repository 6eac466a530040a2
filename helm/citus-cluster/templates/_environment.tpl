{{/*
Environment of a node, in the order of `entrypoint --help`: what a pod keeps until it is replaced, see also
`citus.live`. Called with root and group. A variable that is not set has the program's own default.
*/}}
{{- define "citus.environment" -}}
{{- $values := .root.Values -}}
{{- $ssl := $values.ssl -}}
{{- $auth := $values.auth -}}
{{- $all := list
  (dict "name" "PATRONI_SCOPE" "value" (include "citus.name" .root))
  (dict "name" "PATRONI_CITUS_GROUP" "value" (toString .group))
  (dict "name" "PATRONI_CITUS_DATABASE" "value" $values.citus.database)
  (dict "name" "PATRONI_NAME" "field" "metadata.name")
  (dict "name" "PATRONI_KUBERNETES_NAMESPACE" "field" "metadata.namespace")
  (dict "name" "PATRONI_KUBERNETES_POD_IP" "field" "status.podIP")
  (dict "name" "PATRONI_KUBERNETES_LABELS" "value" `{"application": "patroni"}`)
  (dict "name" "PATRONI_KUBERNETES_USE_ENDPOINTS" "value" "true")
  (dict "name" "HEADLESS_SERVICE" "value" (include "citus.name" .root))
  (dict "name" "CLUSTER_DOMAIN" "value" $values.clusterDomain)
  (dict "name" "CONNECT_BY" "value" $values.connectBy)
  (dict "name" "PGSSLCRL" "value" (ternary (printf "/etc/ssl/certs/postgresql/%s" $ssl.revocationList) "" (and $ssl.enabled (ne $ssl.revocationList ""))))
  (dict "name" "CERTIFICATE_RELOAD" "value" (ternary "" (ternary "on" "off" (eq (toString $ssl.reload) "true")) (eq (toString $ssl.reload) "auto")))
  (dict "name" "PATRONI_SUPERUSER_USERNAME" "value" $auth.superuserUsername)
  (dict "name" "PATRONI_REPLICATION_USERNAME" "value" $auth.replicationUsername)
  (dict "name" "PATRONI_REWIND_USERNAME" "value" $auth.rewindUsername)
  (dict "name" "RESTAPI_TLS" "value" (ternary "on" "off" (eq (include "citus.restApiTLS" .root) "true")))
  (dict "name" "PATRONI_POSTGRESQL_DATA_DIR" "value" "/home/postgres/pgdata/pgroot/data")
  (dict "name" "UNIX_SOCKET_DIRECTORY" "value" "/var/run/postgresql")
-}}
{{- $names := without (include "citus.live" .root | fromYaml | keys) "PATRONI_CONFIGURATION" -}}
{{- range $all -}}
{{- $names = append $names .name -}}
{{- if .field }}
- name: {{ .name }}
  valueFrom:
    fieldRef:
      fieldPath: {{ .field }}
{{- else if .value }}
- name: {{ .name }}
  value: {{ include "citus.literal" .value }}
{{- end -}}
{{- end -}}
{{- range $values.extraEnv -}}
{{- if has .name $names -}}
{{- fail (printf "\n\nextraEnv: %s is set by the chart; use the value that it comes from." .name) -}}
{{- end }}
- {{ toYaml . | nindent 2 | trim }}
{{- end -}}
{{- end -}}

{{/* Kubernetes reads $(NAME) and $$ in a value; a doubled dollar sign is a literal one. */}}
{{- define "citus.literal" -}}
{{- . | toString | replace "$" "$$" | quote -}}
{{- end -}}
