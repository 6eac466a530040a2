{{/*
The cluster's name. A Service's name begins with a letter and holds no dot, and 48 characters leave
room for a group, "-failover" and what Kubernetes appends; a name cut short ends in its own hash, so
that two of them stay apart.
*/}}
{{- define "citus.name" -}}
{{- if .Values.clusterName -}}
{{- .Values.clusterName -}}
{{- else -}}
{{- $name := .Release.Name | replace "." "-" -}}
{{- if not (regexMatch "^[a-z]" $name) -}}
{{- $name = printf "citus-%s" $name -}}
{{- end -}}
{{- if gt (len $name) 48 -}}
{{- $name = printf "%s-%s" ($name | trunc 39 | trimSuffix "-") (sha256sum $name | trunc 8) -}}
{{- end -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{- define "citus.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- define "citus.secretName" -}}
{{- .Values.ssl.secretName | default (printf "%s-ssl-certs" (include "citus.name" .)) -}}
{{- end -}}

{{/* Where names of Services of this namespace end. */}}
{{- define "citus.domain" -}}
{{- printf "%s.svc.%s" .Release.Namespace .Values.clusterDomain -}}
{{- end -}}

{{/* Domain of the pods' own names: POD.SERVICE.NAMESPACE.svc.DOMAIN. */}}
{{- define "citus.headlessDomain" -}}
{{- printf "%s.%s" (include "citus.name" .) (include "citus.domain" .) -}}
{{- end -}}

{{/* What the headless Service selects: nodes, and the Job that acts as one. */}}
{{- define "citus.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "citus.labels" -}}
{{ include "citus.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{/*
Labels by which Patroni knows what is its own: kubernetes.labels, the scope and the Citus group.
See https://patroni.readthedocs.io/en/latest/kubernetes.html. Called with root and group.
*/}}
{{- define "citus.groupLabels" -}}
application: "patroni"
cluster-name: {{ include "citus.name" .root | quote }}
citus-group: {{ .group | toString | quote }}
{{- end -}}

{{- define "citus.podSelector" -}}
{{ include "citus.groupLabels" . }}
citus-type: {{ ternary "coordinator" "worker" (eq (int .group) 0) | quote }}
{{- end -}}

{{/*
Every group, the coordinator first, as a YAML list of group, replicas, resources and persistence.
*/}}
{{- define "citus.groups" -}}
{{- $groups := list (dict
  "group" 0
  "replicas" (int .Values.coordinator.replicas)
  "resources" (.Values.coordinator.resources | default .Values.resources)
  "persistence" (merge (dict) .Values.coordinator.persistence .Values.persistence)) -}}
{{- range .Values.workers -}}
{{- $groups = append $groups (dict
  "group" (int .group)
  "replicas" (int (.replicas | default 2))
  "resources" (.resources | default $.Values.resources)
  "persistence" (merge (dict) (.persistence | default dict) $.Values.persistence)) -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}

{{/* Data of a ConfigMap; empty lines stay empty when the text is indented. */}}
{{- define "citus.data" -}}
{{- regexReplaceAll "(?m)^  $" (toYaml . | nindent 2) "" -}}
{{- end -}}
