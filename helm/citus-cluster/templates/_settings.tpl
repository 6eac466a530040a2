{{/* Settings that depend on others: what "auto" and empty mean. */}}

{{- define "citus.sslMode" -}}
{{- if and (not .Values.ssl.enabled) (hasPrefix "verify-" .Values.ssl.mode) -}}
prefer
{{- else -}}
{{- .Values.ssl.mode -}}
{{- end -}}
{{- end -}}

{{- define "citus.verifies" -}}
{{- if hasPrefix "verify-" (include "citus.sslMode" .) }}true{{ end -}}
{{- end -}}

{{- define "citus.nodeAuth" -}}
{{- .Values.auth.nodes | default (ternary "cert" "scram-sha-256" (eq (include "citus.verifies" .) "true")) -}}
{{- end -}}

{{/* As independent of ssl.mode as it can be: with another scheme the pods have other probes. */}}
{{- define "citus.restApiTLS" -}}
{{- if eq (toString .Values.restApi.tls) "auto" -}}
{{- if and .Values.ssl.enabled (ne (include "citus.sslMode" .) "disable") }}true{{ end -}}
{{- else if .Values.restApi.tls -}}
true
{{- end -}}
{{- end -}}

{{- define "citus.restApiScheme" -}}
{{- ternary "HTTPS" "HTTP" (eq (include "citus.restApiTLS" .) "true") -}}
{{- end -}}

{{/*
Suffixes of the names that a node's address has. Kubernetes names it under the headless Service;
for a leader Patroni also writes it, with the pod's host name, into the Endpoints of the group's
Service. The server looks an address up once and compares the first name that it gets, see
https://www.postgresql.org/docs/current/auth-pg-hba-conf.html, so each of them has to be known.
*/}}
{{- define "citus.nodeAddresses" -}}
{{- if .Values.nodeAddresses -}}
{{- join "," .Values.nodeAddresses -}}
{{- else -}}
{{- $suffixes := list (printf ".%s" (include "citus.headlessDomain" .)) -}}
{{- range include "citus.groups" . | fromYamlArray -}}
{{- $suffixes = append $suffixes (printf ".%s-%d.%s" (include "citus.name" $) (int .group) (include "citus.domain" $)) -}}
{{- end -}}
{{- join "," $suffixes -}}
{{- end -}}
{{- end -}}

{{/*
Common name of the certificate that cert-manager writes. X.509 allows 64 characters; a longer name
is cut and ends in its own hash.
*/}}
{{- define "citus.commonName" -}}
{{- $name := printf "*.%s" (include "citus.headlessDomain" .) -}}
{{- if gt (len $name) 64 -}}
{{- $name = printf "%s.%s" (include "citus.name" .) .Release.Namespace -}}
{{- $name = printf "%s-%s" ($name | trunc 55 | trimSuffix "-" | trimSuffix ".") (sha256sum $name | trunc 8) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{/* Names that the certificate is valid for: every pod's, every leader's Service's, and localhost,
as Citus on a node also connects to itself. */}}
{{- define "citus.dnsNames" -}}
{{- $names := list (printf "*.%s" (include "citus.headlessDomain" .)) "localhost" -}}
{{- range include "citus.groups" . | fromYamlArray -}}
{{- $service := printf "%s-%d" (include "citus.name" $) (int .group) -}}
{{- $names = concat $names (list
  (printf "%s.%s" $service (include "citus.domain" $))
  (printf "%s.%s.svc" $service $.Release.Namespace)
  (printf "%s.%s" $service $.Release.Namespace)
  $service) -}}
{{- end -}}
{{- concat $names .Values.ssl.certManager.extraDnsNames | uniq | toYaml -}}
{{- end -}}

{{/* Commands that create the Secret with certificates. */}}
{{- define "citus.makeCertificates" -}}
{{- $names := list -}}
{{- range include "citus.groups" . | fromYamlArray -}}
{{- $names = append $names (printf "%s-%d.%s" (include "citus.name" $) (int .group) (include "citus.domain" $)) -}}
{{- end -}}
{{- $domain := include "citus.headlessDomain" . -}}
CLUSTER_NAME={{ include "citus.name" . }} NAMESPACE={{ .Release.Namespace }} CLUSTER_DOMAIN={{ .Values.clusterDomain }} \
{{- if ne (include "citus.commonName" .) (printf "*.%s" $domain) }}
  NODE_CN={{ include "citus.commonName" . }} \
{{- end }}
  EXTRA_NAMES="{{ join " " $names }}" \
  scripts/generate-ssl-certs.sh
kubectl create secret generic {{ include "citus.secretName" . }} --namespace {{ .Release.Namespace }} \
  --from-file=ca.crt=certs/ca.crt \
  --from-file=server.crt=certs/server.crt \
  --from-file=server.key=certs/server.key
{{- end -}}
