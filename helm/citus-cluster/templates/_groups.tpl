{{/*
The pod that asks the coordinator before worker groups are dropped. It acts as a node, like the one that creates
additional databases, and has none of Patroni's labels either. Nothing that it needs belongs to the
release: when a tool runs hooks at a first installation, nothing is there yet.
*/}}
{{- define "citus.groupsPod" -}}
{{- $groups := list -}}
{{- range include "citus.groups" . | fromYamlArray -}}
{{- $groups = append $groups (int .group) -}}
{{- end -}}
metadata:
  labels:
    {{- include "citus.selector" . | nindent 4 }}
    app.kubernetes.io/component: groups
spec:
  hostname: groups
  subdomain: {{ include "citus.name" . | quote }}
  restartPolicy: Never
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    {{- include "citus.podSecurityContext" . | nindent 4 }}
  {{- with include "citus.scheduling" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  containers:
    - name: groups
      image: {{ include "citus.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [sh, /etc/entrypoint/groups/check.sh]
      env:
        - name: GROUPS_THAT_STAY
          value: {{ join "," $groups | quote }}
        - name: PGHOST
          value: {{ printf "%s-0.%s" (include "citus.name" .) (include "citus.domain" .) | quote }}
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
        - name: groups
          mountPath: /etc/entrypoint/groups
          readOnly: true
        {{- if .Values.ssl.enabled }}
        {{- include "citus.certificatesMount" . | nindent 8 }}
        {{- end }}
  volumes:
    - name: groups
      configMap:
        name: {{ printf "%s-groups" (include "citus.name" .) | quote }}
    {{- if .Values.ssl.enabled }}
    {{- include "citus.certificatesVolume" . | nindent 4 }}
        optional: true
    {{- end }}
{{- end -}}
