{{/* Labels of every object. */}}
{{- define "pawl.labels" -}}
app.kubernetes.io/name: pawl
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* What selects the operator's Pods; never changes. */}}
{{- define "pawl.selector" -}}
app.kubernetes.io/name: pawl
app.kubernetes.io/component: operator
{{- end }}

{{- define "pawl.image" -}}
{{- $image := .Values.image -}}
{{- $name := printf "%s/%s" $image.registry $image.repository -}}
{{- if $image.digest -}}
{{ $name }}@{{ $image.digest }}
{{- else -}}
{{ $name }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Names of the Secrets that the operator may get, with commas between them. */}}
{{- define "pawl.reportSecrets" -}}
{{- $reports := .Values.reports -}}
{{- concat $reports.secretNames (list $reports.slack.secretName $reports.email.secretName) | uniq | compact | join "," -}}
{{- end }}

{{/* What lets an object of our own kinds be made at the first installation: behind the CRDs, as templates/policy.yaml tells. */}}
{{- define "pawl.afterKinds" -}}
meta.helm.sh/release-name: {{ .Release.Name }}
meta.helm.sh/release-namespace: {{ .Release.Namespace }}
helm.sh/hook: post-install
helm.sh/resource-policy: keep
{{- end }}
