{{/* Account of a group's pods. Called with root and group. */}}
{{- define "citus.serviceAccountName" -}}
{{- $account := .root.Values.serviceAccount -}}
{{- if $account.create -}}
{{- printf "%s-%d" ($account.name | default (include "citus.name" .root)) (int .group) -}}
{{- else -}}
{{- $account.name | default "default" -}}
{{- end -}}
{{- end -}}

{{/*
Accounts that pods of the cluster run under and that are no group's, as a YAML list. They come from
another chart or an earlier version of this one. Without a cluster to look at there are none.
*/}}
{{- define "citus.formerAccounts" -}}
{{- $names := list "default" -}}
{{- range include "citus.groups" . | fromYamlArray -}}
{{- $names = append $names (include "citus.serviceAccountName" (dict "root" $ "group" .group)) -}}
{{- end -}}
{{- $former := list -}}
{{- if .Values.rbac.create -}}
{{- range (lookup "v1" "Pod" .Release.Namespace "").items -}}
{{- $labels := .metadata.labels | default dict -}}
{{- if and (eq (index $labels "cluster-name" | default "") (include "citus.name" $)) (eq (index $labels "application" | default "") "patroni") -}}
{{- $account := .spec.serviceAccountName | default "default" -}}
{{- if not (has $account $names) -}}
{{- $former = append $former $account -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- uniq $former | toYaml -}}
{{- end -}}

{{/* Called with root, name and patroniLabels, by which it is found when it is left over. */}}
{{- define "citus.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .name | quote }}
  labels:
    {{- include "citus.labels" .root | nindent 4 }}
    {{- .patroniLabels | nindent 4 }}
  annotations:
    helm.sh/resource-policy: keep
    {{- with .root.Values.serviceAccount.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
# Pods that need the token set automountServiceAccountToken.
automountServiceAccountToken: false
{{- end -}}

{{/* A Role for Patroni in some groups, and its binding. Called with root, name, account, groups and
patroniLabels. */}}
{{- define "citus.role" -}}
{{- $cluster := include "citus.name" .root -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ .name | quote }}
  labels:
    {{- include "citus.labels" .root | nindent 4 }}
    {{- .patroniLabels | nindent 4 }}
  annotations:
    helm.sh/resource-policy: keep
rules:
  - apiGroups: [""]
    resources: [endpoints]
    verbs: [create, list, watch]
  - apiGroups: [""]
    resources: [endpoints]
    resourceNames:
      {{- range .groups }}
      - {{ printf "%s-%d" $cluster (int .group) | quote }}
      {{- end }}
    verbs: [get, patch]
  - apiGroups: [""]
    resources: [endpoints]
    resourceNames:
      {{- range .groups }}
      {{- $leader := printf "%s-%d" $cluster (int .group) }}
      - {{ printf "%s-config" $leader | quote }}
      - {{ printf "%s-failover" $leader | quote }}
      - {{ printf "%s-sync" $leader | quote }}
      {{- end }}
    verbs: [patch]
  - apiGroups: [""]
    resources: [pods]
    verbs: [list, watch]
  # More names than there are pods: a pod that leaves writes its state to the end.
  - apiGroups: [""]
    resources: [pods]
    resourceNames:
      {{- range .groups }}
      {{- $group := int .group }}
      {{- range until (max 10 (int .replicas) | int) }}
      - {{ printf "%s-%d-%d" $cluster $group . | quote }}
      {{- end }}
      {{- end }}
    verbs: [patch]
  {{- with .root.Values.rbac.extraRules }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ .name | quote }}
  labels:
    {{- include "citus.labels" .root | nindent 4 }}
    {{- .patroniLabels | nindent 4 }}
  annotations:
    helm.sh/resource-policy: keep
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .name | quote }}
subjects:
  - kind: ServiceAccount
    name: {{ .account | quote }}
    namespace: {{ .root.Release.Namespace | quote }}
{{- end -}}
