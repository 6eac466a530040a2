{{/*
Places that a node writes to, and what it reads. Home is in memory, because it holds patroni.yml,
.pgpass, and the keys that the server reads: copies of the mounted one, or the pod's own. */}}
{{- define "citus.volumeMounts" -}}
- name: home
  mountPath: /home/postgres
- name: pgdata
  mountPath: /home/postgres/pgdata
- name: run
  mountPath: /var/run/postgresql
- name: tmp
  mountPath: /tmp
- name: shm
  mountPath: /dev/shm
- name: stop
  mountPath: /etc/entrypoint/stop
  readOnly: true
{{- include "citus.mountsOfSettings" . }}
{{- end -}}

{{- define "citus.volumes" -}}
- name: home
  emptyDir:
    medium: Memory
    sizeLimit: 16Mi
- name: run
  emptyDir:
    medium: Memory
    sizeLimit: 16Mi
- name: tmp
  emptyDir: {}
- name: shm
  emptyDir:
    medium: Memory
    sizeLimit: {{ .Values.sharedMemory.sizeLimit | quote }}
- name: stop
  configMap:
    name: {{ printf "%s-stop" (include "citus.name" .) | quote }}
{{- include "citus.volumesOfSettings" . }}
{{- end -}}

{{/* What a node reads: settings, certificates and passwords. */}}
{{- define "citus.mountsOfSettings" -}}
{{/* A whole directory: with subPath the kubelet would never update it. */}}
- name: settings
  mountPath: /etc/entrypoint/settings
  readOnly: true
{{- if .Values.ssl.enabled }}
{{ include "citus.certificatesMount" . }}
{{- end }}
{{- if .Values.auth.existingSecret }}
- name: passwords
  mountPath: /etc/entrypoint/passwords
  readOnly: true
{{- end }}
{{- if .Values.auth.passfileSecret }}
- name: passfile
  mountPath: /etc/entrypoint/passfile
  readOnly: true
{{- end }}
{{- end -}}

{{- define "citus.volumesOfSettings" }}
- name: settings
  configMap:
    name: {{ include "citus.settingsName" . | quote }}
{{- if .Values.ssl.enabled }}
{{ include "citus.certificatesVolume" . }}
{{- end }}
{{- if .Values.auth.existingSecret }}
- name: passwords
  secret:
    secretName: {{ .Values.auth.existingSecret | quote }}
    defaultMode: 0440
{{- end }}
{{- if .Values.auth.passfileSecret }}
- name: passfile
  secret:
    secretName: {{ .Values.auth.passfileSecret | quote }}
    defaultMode: 0440
{{- end }}
{{- end -}}

{{/* Called with a group's persistence. */}}
{{- define "citus.claim" -}}
metadata:
  name: pgdata
spec:
  accessModes:
    {{- toYaml .accessModes | nindent 4 }}
  {{- if eq .storageClass "-" }}
  storageClassName: ""
  {{- else if .storageClass }}
  storageClassName: {{ .storageClass | quote }}
  {{- end }}
  resources:
    requests:
      storage: {{ .size | quote }}
{{- end -}}
