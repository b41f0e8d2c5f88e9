package manifests

import (
	componentsv1alpha1 "github.com/dapr/dapr/pkg/apis/components/v1alpha1"
	configurationv1alpha1 "github.com/dapr/dapr/pkg/apis/configuration/v1alpha1"
	httpendpointv1alpha1 "github.com/dapr/dapr/pkg/apis/httpEndpoint/v1alpha1"
	resiliencyv1alpha1 "github.com/dapr/dapr/pkg/apis/resiliency/v1alpha1"
	subscriptionsv2alpha1 "github.com/dapr/dapr/pkg/apis/subscriptions/v2alpha1"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	eventingduckv1 "knative.dev/eventing/pkg/apis/duck/v1"
	sourcesv1 "knative.dev/eventing/pkg/apis/sources/v1"
	duckv1 "knative.dev/pkg/apis/duck/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// types are the kinds that Taskwire uses. A new one is added here, and where it can do harm, with a rule.
var types = map[schema.GroupVersionKind]func() any{
	core("Namespace"):      func() any { return &corev1.Namespace{} },
	core("ServiceAccount"): func() any { return &corev1.ServiceAccount{} },
	core("ConfigMap"):      func() any { return &corev1.ConfigMap{} },
	core("Secret"):         func() any { return &corev1.Secret{} },
	core("Service"):        func() any { return &corev1.Service{} },
	core("LimitRange"):     func() any { return &corev1.LimitRange{} },

	core("PersistentVolumeClaim"): func() any { return &corev1.PersistentVolumeClaim{} },

	kind("apps/v1", "Deployment"):                     func() any { return &appsv1.Deployment{} },
	kind("apps/v1", "StatefulSet"):                    func() any { return &appsv1.StatefulSet{} },
	kind("batch/v1", "Job"):                           func() any { return &batchv1.Job{} },
	kind("batch/v1", "CronJob"):                       func() any { return &batchv1.CronJob{} },
	kind("autoscaling/v2", "HorizontalPodAutoscaler"): func() any { return &autoscalingv2.HorizontalPodAutoscaler{} },
	kind("policy/v1", "PodDisruptionBudget"):          func() any { return &policyv1.PodDisruptionBudget{} },
	kind("networking.k8s.io/v1", "NetworkPolicy"):     func() any { return &networkingv1.NetworkPolicy{} },
	kind("gateway.networking.k8s.io/v1", "HTTPRoute"): func() any { return &gatewayv1.HTTPRoute{} },
	kind("discovery.k8s.io/v1", "EndpointSlice"):      func() any { return &discoveryv1.EndpointSlice{} },

	kind("rbac.authorization.k8s.io/v1", "ClusterRole"):        func() any { return &rbacv1.ClusterRole{} },
	kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): func() any { return &rbacv1.ClusterRoleBinding{} },

	kind("monitoring.coreos.com/v1", "PodMonitor"):     func() any { return &monitoringv1.PodMonitor{} },
	kind("monitoring.coreos.com/v1", "Prometheus"):     func() any { return &monitoringv1.Prometheus{} },
	kind("monitoring.coreos.com/v1", "PrometheusRule"): func() any { return &monitoringv1.PrometheusRule{} },

	kind("sources.knative.dev/v1", "PingSource"):  func() any { return &sourcesv1.PingSource{} },
	kind("sources.knative.dev/v1", "KafkaSource"): func() any { return &KafkaSource{} },

	kind("dapr.io/v1alpha1", "Component"):     func() any { return &componentsv1alpha1.Component{} },
	kind("dapr.io/v1alpha1", "Configuration"): func() any { return &configurationv1alpha1.Configuration{} },
	kind("dapr.io/v1alpha1", "HTTPEndpoint"):  func() any { return &httpendpointv1alpha1.HTTPEndpoint{} },
	kind("dapr.io/v1alpha1", "Resiliency"):    func() any { return &resiliencyv1alpha1.Resiliency{} },
	kind("dapr.io/v2alpha1", "Subscription"):  func() any { return &subscriptionsv2alpha1.Subscription{} },
}

func core(name string) schema.GroupVersionKind { return kind("v1", name) }

func kind(apiVersion, name string) schema.GroupVersionKind {
	return schema.FromAPIVersionAndKind(apiVersion, name)
}

// KafkaSource is sources.knative.dev/v1 as eventing-kafka-broker 1.23 defines it. No module proxy serves that module, so
// the fields are written down here, of Knative's own types.
type KafkaSource struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              KafkaSourceSpec `json:"spec"`
}

// KafkaSourceSpec is what a KafkaSource consumes, and where to.
type KafkaSourceSpec struct {
	BootstrapServers []string                     `json:"bootstrapServers"`
	Topics           []string                     `json:"topics"`
	ConsumerGroup    string                       `json:"consumerGroup,omitempty"`
	Consumers        *int32                       `json:"consumers,omitempty"`
	InitialOffset    string                       `json:"initialOffset,omitempty"`
	Ordering         string                       `json:"ordering,omitempty"`
	Net              KafkaNet                     `json:"net,omitzero"`
	Delivery         *eventingduckv1.DeliverySpec `json:"delivery,omitempty"`
	duckv1.SourceSpec
}

// KafkaNet is how to log in to the broker.
type KafkaNet struct {
	SASL KafkaSASL `json:"sasl,omitzero"`
	TLS  KafkaTLS  `json:"tls,omitzero"`
}

// KafkaSASL names secrets; Knative reads the mechanism from one too.
type KafkaSASL struct {
	Enable   bool        `json:"enable,omitempty"`
	User     SecretValue `json:"user,omitzero"`
	Password SecretValue `json:"password,omitzero"`
	Type     SecretValue `json:"type,omitzero"`
}

// KafkaTLS without a certificate trusts what the dispatcher's Java trusts.
type KafkaTLS struct {
	Enable bool        `json:"enable,omitempty"`
	CACert SecretValue `json:"caCert,omitzero"`
	Cert   SecretValue `json:"cert,omitzero"`
	Key    SecretValue `json:"key,omitzero"`
}

// SecretValue is a key of a secret.
type SecretValue struct {
	SecretKeyRef *corev1.SecretKeySelector `json:"secretKeyRef,omitempty"`
}
