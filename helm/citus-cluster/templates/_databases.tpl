{{/*
The pod that creates additional databases. It acts as a node: it presents the nodes' certificate from an
address with a name under the headless Service. It has none of Patroni's labels, or it would count
as a member.
*/}}
{{- define "citus.databasesPod" -}}
metadata:
  labels:
    {{- include "citus.selector" . | nindent 4 }}
    app.kubernetes.io/component: databases
spec:
  hostname: databases
  subdomain: {{ include "citus.name" . | quote }}
  restartPolicy: OnFailure
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    {{- include "citus.podSecurityContext" . | nindent 4 }}
  {{- with include "citus.scheduling" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  containers:
    - name: databases
      image: {{ include "citus.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [sh, /etc/entrypoint/databases/create.sh]
      env:
        - name: LEADERS
          value: {{ include "citus.leaders" . | quote }}
        - name: PGUSER
          value: {{ include "citus.literal" .Values.auth.superuserUsername }}
        - name: PGSSLMODE
          value: {{ include "citus.sslMode" . | quote }}
        {{- with include "citus.superuserPassword" . }}
        {{- . | nindent 8 }}
        {{- end }}
      resources:
        requests:
          cpu: 10m
          memory: 32Mi
        limits:
          memory: 128Mi
      securityContext:
        {{- include "citus.containerSecurityContext" . | nindent 8 }}
      volumeMounts:
        - name: databases
          mountPath: /etc/entrypoint/databases
          readOnly: true
        {{- if .Values.ssl.enabled }}
        {{- include "citus.certificatesMount" . | nindent 8 }}
        {{- end }}
  volumes:
    - name: databases
      configMap:
        name: {{ printf "%s-databases" (include "citus.name" .) | quote }}
    {{- if .Values.ssl.enabled }}
    {{- include "citus.certificatesVolume" . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* GROUP=HOST of every group's leader, the coordinator's last. */}}
{{- define "citus.leaders" -}}
{{- $leaders := list -}}
{{- range include "citus.groups" . | fromYamlArray -}}
{{- $leaders = append $leaders (printf "%d=%s-%d.%s" (int .group) (include "citus.name" $) (int .group) (include "citus.domain" $)) -}}
{{- end -}}
{{- append (rest $leaders) (first $leaders) | join " " -}}
{{- end -}}
