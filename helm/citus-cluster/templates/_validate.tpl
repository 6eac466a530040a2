{{/* Values that contradict each other, which the schema cannot express. */}}
{{- define "citus.validate" -}}
{{- $name := include "citus.name" . -}}
{{- $mode := include "citus.sslMode" . -}}
{{- $auth := include "citus.nodeAuth" . -}}
{{- if not .Values.image.repository -}}
{{- fail (printf `

image.repository is empty. Build the image, push it to a registry from which the Kubernetes
nodes can pull it, and set its name:

  IMAGE=registry.example.com/entrypoint:%s make image
  podman push registry.example.com/entrypoint:%s

  --set image.repository=registry.example.com/entrypoint
` .Chart.AppVersion .Chart.AppVersion) -}}
{{- end -}}
{{- if regexMatch "[:@]" (base .Values.image.repository) -}}
{{- fail (printf "\n\nimage.repository is %q; a tag belongs in image.tag, and a digest in image.digest." .Values.image.repository) -}}
{{- end -}}

{{- $groups := list -}}
{{- range .Values.workers -}}
{{- if has (int .group) $groups -}}
{{- fail (printf "\n\nworkers: group %d is listed twice; every worker group needs its own number." (int .group)) -}}
{{- end -}}
{{- $groups = append $groups (int .group) -}}
{{- end -}}

{{- if and .Values.ssl.certManager.enabled (not .Values.ssl.certManager.issuerRef.name) -}}
{{- fail "\n\nssl.certManager.issuerRef.name is empty; set it to the Issuer that signs the certificate:\n\n  --set ssl.certManager.issuerRef.name=ISSUER" -}}
{{- end -}}
{{- if and .Values.ssl.certManager.enabled (not .Values.ssl.enabled) -}}
{{- fail "\n\nssl.certManager.enabled is set, but ssl.enabled is false: nothing would mount the certificate." -}}
{{- end -}}
{{- $methods := splitList "," $auth -}}
{{- $presentsPasswords := or (has "scram-sha-256" $methods) (has "md5" $methods) -}}
{{- if and (has "cert" $methods) (not .Values.ssl.enabled) -}}
{{- fail (printf "\n\nauth.nodes is %s, but ssl.enabled is false: nodes would have no certificate to present." $auth) -}}
{{- end -}}
{{- if and (has "cert" $methods) (not (has $mode (list "require" "verify-ca" "verify-full"))) -}}
{{- fail (printf "\n\nauth.nodes is %s, but ssl.mode is %s: a certificate can be presented only with require, verify-ca or verify-full." $auth $mode) -}}
{{- end -}}
{{- if and (eq (include "citus.restApiTLS" .) "true") (not .Values.ssl.enabled) -}}
{{- fail "\n\nrestApi.tls is on, but ssl.enabled is false: the REST API would have no certificate." -}}
{{- end -}}
{{- if and (eq (include "citus.restApiTLS" .) "true") (eq $mode "disable") -}}
{{- fail "\n\nrestApi.tls is on, but ssl.mode is disable: the REST API has TLS with the nodes' certificate only." -}}
{{- end -}}

{{- if and $presentsPasswords (not .Values.auth.existingSecret) -}}
{{- fail (printf `

Nodes present passwords to each other (auth.nodes is %s), and auth.existingSecret names no Secret
with passwords. The chart does not create one. Either use certificates alone:

  --set ssl.enabled=true --set ssl.mode=verify-ca

or create the Secret, in bash, and set its name:

  kubectl create secret generic %s-passwords --namespace %s \
    --from-file=superuser-password=<(openssl rand -hex 24) \
    --from-file=replication-password=<(openssl rand -hex 24)

  --set auth.existingSecret=%s-passwords
` $auth $name .Release.Namespace $name) -}}
{{- end -}}

{{- if and .Values.additionalDatabases (has (first $methods) (list "scram-sha-256" "md5")) (not .Values.auth.passfileSecret) -}}
{{- fail (printf "\n\nadditionalDatabases needs nodes that log in by certificate, and auth.nodes is %s: Citus would have no password for them in a database of its own. Name a Secret with one in auth.passfileSecret." $auth) -}}
{{- end -}}
{{- $databases := list .Values.citus.database "postgres" "template0" "template1" -}}
{{- range .Values.additionalDatabases -}}
{{- if has .name $databases -}}
{{- fail (printf "\n\nadditionalDatabases: database %q already exists, or is listed twice." .name) -}}
{{- end -}}
{{- $databases = append $databases .name -}}
{{- end -}}

{{- range .Values.extraEnv -}}
{{- if hasPrefix "PATRONI_CONFIGURATION" .name -}}
{{- fail (printf "\n\nextraEnv: %s is set by the chart; use the value configuration." .name) -}}
{{- end -}}
{{- if eq .name "SETTINGS_DIRECTORY" -}}
{{- fail (printf "\n\nextraEnv: SETTINGS_DIRECTORY is the chart's own, for ConfigMap %s; use the values that it comes from." (include "citus.settingsName" $)) -}}
{{- end -}}
{{- if and (hasSuffix "_PASSWORD" .name) (hasKey . "value") -}}
{{- fail (printf "\n\nextraEnv: %s would put a password into the pod's definition; use auth.existingSecret, or valueFrom." .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
