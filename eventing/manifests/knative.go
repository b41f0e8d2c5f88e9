package manifests

import (
	"context"
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/eventing/pkg/apis/feature"
	sourcesv1 "knative.dev/eventing/pkg/apis/sources/v1"
	"knative.dev/pkg/apis"
	"knative.dev/pkg/ptr"
	"knative.dev/serving/pkg/apis/autoscaling"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"

	"taskwire.dev/tools/function"
)

// validateKnative asks the code that Knative's webhooks run.
func validateKnative(s *Set, p *problems) {
	ctx := context.Background()
	if flags, err := feature.NewFlagsConfigFromMap(nil); err == nil {
		ctx = feature.ToContext(ctx, flags) // what is on in a fresh installation
	}
	for _, o := range all[sourcesv1.PingSource](s) {
		o.V.SetDefaults(ctx)
		report(p, o.ID(), o.V.Validate(ctx))
	}
	for _, o := range all[KafkaSource](s) {
		o.V.SetDefaults(ctx)
		report(p, o.ID(), o.V.Validate(ctx))
	}
}

func report(p *problems, id string, err *apis.FieldError) {
	if err != nil {
		p.add(id, "%s", err.Error())
	}
}

// SetDefaults does what the webhook of eventing-kafka-broker does.
func (k *KafkaSource) SetDefaults(ctx context.Context) {
	if k.Spec.InitialOffset == "" {
		k.Spec.InitialOffset = "latest"
	}
	if k.Spec.Ordering == "" {
		k.Spec.Ordering = "ordered"
	}
	k.Spec.Sink.SetDefaults(ctx)
	k.Spec.Delivery.SetDefaults(ctx)
}

// Validate does what the webhook of eventing-kafka-broker does, and also validates the delivery, which it leaves to the
// controller.
func (k *KafkaSource) Validate(ctx context.Context) *apis.FieldError {
	errs := k.Spec.SourceSpec.Validate(ctx)
	if len(k.Spec.Topics) == 0 {
		errs = errs.Also(apis.ErrMissingField("topics"))
	}
	if len(k.Spec.BootstrapServers) == 0 {
		errs = errs.Also(apis.ErrMissingField("bootstrapServers"))
	}
	if o := k.Spec.InitialOffset; o != "earliest" && o != "latest" {
		errs = errs.Also(apis.ErrInvalidValue(o, "initialOffset"))
	}
	if o := k.Spec.Ordering; o != "ordered" && o != "unordered" {
		errs = errs.Also(apis.ErrInvalidValue(o, "ordering"))
	}
	errs = errs.Also(k.Spec.Delivery.Validate(ctx).ViaField("delivery"))
	return errs.ViaField("spec")
}

// validateServices asks Knative Serving about the Service that func makes of each func.yaml.
func validateServices(s *Set, p *problems) {
	for _, f := range s.Functions {
		if f.Raw() {
			continue
		}
		service := f.service()
		service.SetDefaults(context.Background())
		report(p, "Function/"+f.Name, service.Validate(context.Background()))
	}
}

// service is what func's Knative deployer makes of the function, after generateNewService in knative.dev/func.
func (f Function) service() *servingv1.Service {
	labels := map[string]string{"function.knative.dev/name": f.Name}
	for _, label := range f.Deploy.Labels {
		labels[label.Key] = label.Value
	}
	annotations := map[string]string{}
	for key, value := range f.Deploy.Annotations {
		annotations[key] = value
	}
	scale := f.Deploy.Options.Scale
	setInt(annotations, autoscaling.MinScaleAnnotationKey, scale.Min)
	setInt(annotations, autoscaling.MaxScaleAnnotationKey, scale.Max)
	if scale.Metric != "" {
		annotations[autoscaling.MetricAnnotationKey] = scale.Metric
	}
	if scale.Target != nil {
		annotations[autoscaling.TargetAnnotationKey] = fmt.Sprintf("%f", *scale.Target)
	}
	if scale.Utilization != nil {
		annotations[autoscaling.TargetUtilizationPercentageKey] = fmt.Sprintf("%f", *scale.Utilization)
	}
	container := corev1.Container{
		Image:          "registry.example.com/" + f.Name + ":1",
		Env:            f.env(),
		LivenessProbe:  probe(f.Deploy.HealthEndpoints.Liveness),
		ReadinessProbe: probe(f.Deploy.HealthEndpoints.Readiness),
		Resources: corev1.ResourceRequirements{
			Requests: list(f.Deploy.Options.Resources.Requests),
			Limits:   list(f.Deploy.Options.Resources.Limits.Amounts),
		},
		SecurityContext: &corev1.SecurityContext{
			RunAsNonRoot:             ptr.Bool(true),
			AllowPrivilegeEscalation: ptr.Bool(false),
			Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
			SeccompProfile:           &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
		},
	}
	service := &servingv1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: f.Name, Namespace: namespace, Labels: labels},
	}
	service.Spec.Template.ObjectMeta = metav1.ObjectMeta{Labels: labels, Annotations: annotations}
	service.Spec.Template.Spec.Containers = []corev1.Container{container}
	service.Spec.Template.Spec.ServiceAccountName = f.Deploy.ServiceAccountName
	service.Spec.Template.Spec.ContainerConcurrency = f.Deploy.Options.Resources.Limits.Concurrency
	return service
}

func setInt(annotations map[string]string, key string, value *int64) {
	if value != nil {
		annotations[key] = strconv.FormatInt(*value, 10)
	}
}

// env is the function's variables as func writes them into a container.
func (f Function) env() []corev1.EnvVar {
	var env []corev1.EnvVar
	for _, v := range f.Run.Envs {
		if v.Name == "" {
			continue
		}
		variable := corev1.EnvVar{Name: v.Name, Value: v.Value}
		if m := envReference.FindStringSubmatch(v.Value); m != nil {
			variable.Value = ""
			name := corev1.LocalObjectReference{Name: m[2]}
			if m[1] == "secret" {
				variable.ValueFrom = &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: name, Key: m[3]}}
			} else {
				variable.ValueFrom = &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: name, Key: m[3]}}
			}
		}
		env = append(env, variable)
	}
	return env
}

// list takes quantities that parseFunction has checked.
func list(a function.Amounts) corev1.ResourceList {
	list := corev1.ResourceList{}
	if a.CPU != "" {
		list[corev1.ResourceCPU] = resource.MustParse(a.CPU)
	}
	if a.Memory != "" {
		list[corev1.ResourceMemory] = resource.MustParse(a.Memory)
	}
	return list
}

func probe(path string) *corev1.Probe {
	if path == "" {
		return nil
	}
	return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(8080)}}}
}
