{{/* Parts of the pods of nodes and of the Job that acts as one. */}}

{{/* The "restricted" Pod Security Standard, and a read-only root directory. */}}
{{- define "citus.podSecurityContext" -}}
runAsNonRoot: true
{{- with .Values.podSecurity }}
{{- if not (kindIs "invalid" .runAsUser) }}
runAsUser: {{ int64 .runAsUser }}
{{- end }}
{{- if not (kindIs "invalid" .runAsGroup) }}
runAsGroup: {{ int64 .runAsGroup }}
{{- end }}
{{- if not (kindIs "invalid" .fsGroup) }}
fsGroup: {{ int64 .fsGroup }}
{{- end }}
{{- end }}
{{/* Set at every mount, the group would get write access to the data directory as well, and
PostgreSQL does not start on one that its group may write to. */ -}}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "citus.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "citus.certificatesMount" -}}
{{/* A whole directory: with subPath the kubelet would never update it. */ -}}
- name: certificates
  mountPath: /etc/ssl/certs/postgresql
  readOnly: true
{{- end -}}

{{/* With fsGroup the key ends as root:fsGroup 0440, which libpq and the server accept. */}}
{{- define "citus.certificatesVolume" -}}
- name: certificates
  secret:
    secretName: {{ include "citus.secretName" . | quote }}
    defaultMode: 0440
{{- end -}}

{{- define "citus.scheduling" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* Called with root and group. */}}
{{- define "citus.affinity" -}}
{{- $values := .root.Values -}}
{{- if $values.affinity -}}
affinity:
  {{- toYaml $values.affinity | nindent 2 }}
{{- else if eq $values.antiAffinity "hard" -}}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: {{ $values.topologyKey | quote }}
        labelSelector:
          matchLabels:
            {{- include "citus.podSelector" . | nindent 12 }}
{{- else if eq $values.antiAffinity "soft" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: {{ $values.topologyKey | quote }}
          labelSelector:
            matchLabels:
              {{- include "citus.podSelector" . | nindent 14 }}
{{- end -}}
{{- end -}}

{{/* What a pod that acts as a node shows besides a certificate, where nodes may ask for it. */}}
{{- define "citus.superuserPassword" -}}
{{- if and .Values.auth.existingSecret (ne (include "citus.nodeAuth" .) "cert") -}}
- name: PGPASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .Values.auth.existingSecret | quote }}
      key: superuser-password
      optional: true
{{- end -}}
{{- end -}}
