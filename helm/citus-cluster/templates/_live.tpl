{{/*
Variables of a node that are live, as a YAML mapping; an empty one is not set. Nothing of
it is in a pod's template, so that a change replaces no pod. Of the variables that are live by `entrypoint
--help`, RESTAPI_TLS is not here: the kubelet's probes ask by HTTP or by HTTPS, and belong to the template.
*/}}
{{- define "citus.live" -}}
{{- $auth := .Values.auth -}}
{{- $nodeAuth := include "citus.nodeAuth" . -}}
{{- $passwords := "/etc/entrypoint/passwords" -}}
{{- $all := dict
  "PGSSLMODE" (include "citus.sslMode" .)
  "NODE_AUTH" $nodeAuth
  "NODE_ADDRESSES" (include "citus.nodeAddresses" .)
  "NODE_CERT_NAMES" (join "," $auth.nodeCertNames)
  "NODE_APP_ROLES" (join "," $auth.appRoles)
  "NODE_PASSFILE" (ternary "/etc/entrypoint/passfile/passfile" "" (ne $auth.passfileSecret ""))
  "CLIENT_AUTH" $auth.clients
  "CLIENT_CERT" $auth.clientCertificate
  "PATRONI_CONFIGURATION" .Values.configuration
-}}
{{- if $auth.existingSecret -}}
{{/* With cert alone the superuser has no password; Patroni would store it in pg_dist_authinfo. */}}
{{- if ne $nodeAuth "cert" -}}
{{- $_ := set $all "PATRONI_SUPERUSER_PASSWORD_FILE" (printf "%s/superuser-password" $passwords) -}}
{{- end -}}
{{- $_ := set $all "PATRONI_REPLICATION_PASSWORD_FILE" (printf "%s/replication-password" $passwords) -}}
{{- if $auth.rewindUsername -}}
{{- $_ := set $all "PATRONI_REWIND_PASSWORD_FILE" (printf "%s/rewind-password" $passwords) -}}
{{- end -}}
{{- end -}}
{{- toYaml $all -}}
{{- end -}}

{{- define "citus.settingsName" -}}
{{- printf "%s-settings" (include "citus.name" .) -}}
{{- end -}}
