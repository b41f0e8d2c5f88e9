package manifests

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"knative.dev/serving/pkg/deployment"
)

// room is CPU in thousandths of a core and memory in MiB.
type room struct{ cpu, memory int64 }

func (r room) String() string { return fmt.Sprintf("%dm, %dMi", r.cpu, r.memory) }

func (r room) plus(other room) room { return room{r.cpu + other.cpu, r.memory + other.memory} }

func (r room) minus(other room) room { return room{r.cpu - other.cpu, r.memory - other.memory} }

// The smallest production that docs/operations.md promises to be enough: nodes of 2 vCPU and 4 GiB, of which one may be lost.
const smallNodes = 3

var (
	// smallNode is what such a node leaves to pods. Google Kubernetes Engine keeps 6 % of the first core and 1 % of the second, a
	// quarter of the first 4 GiB, and 100 MiB before it evicts.
	smallNode = room{2000 - 60 - 10, 4096 - 1024 - 100}
	// onEveryNode is kube-proxy's request on such nodes.
	onEveryNode = room{100, 0}
)

// platformPod is a Deployment or StatefulSet of the cluster, with its requests.
type platformPod struct {
	name     string
	replicas int
	requests room
}

// platform is what the bundle needs beside Taskwire: Kubernetes' own add-ons, and the manifests that Knative 1.23 and Dapr 1.18
// release. The dispatcher requests a core there, and docs/operations.md says to set what stands here, and to stop job-sink.
// Dapr's chart requests nothing; the memory is what Dapr's guide for production requests. It runs without actors and scheduler.
var platform = []platformPod{
	{"coredns", 2, room{100, 70}},
	{"metrics-server", 1, room{100, 200}},
	{"activator", 1, room{300, 60}},
	{"autoscaler", 1, room{100, 100}},
	{"controller", 1, room{100, 100}},
	{"webhook", 1, room{100, 100}},
	{"net-kourier-controller", 1, room{200, 200}},
	{"3scale-kourier-gateway", 1, room{200, 200}},
	{"eventing-controller", 1, room{100, 100}},
	{"eventing-webhook", 1, room{100, 50}},
	{"pingsource-mt-adapter", 1, room{125, 64}},
	{"kafka-controller", 1, room{100, 100}},
	{"kafka-webhook-eventing", 1, room{20, 20}},
	{"kafka-source-dispatcher", 1, room{200, 700}},
	{"dapr-operator", 3, room{0, 100}},
	{"dapr-sidecar-injector", 3, room{0, 30}},
	{"dapr-sentry", 3, room{0, 30}},
}

// checkCapacity: the smallest production can start everything, even while a node is lost.
func checkCapacity(s *Set, p *problems) {
	f, known := s.function(gateway)
	requests := f.Deploy.Options.Resources.Requests
	if known && f.Raw() && requests.CPU != "" && requests.Memory != "" {
		if said := amount(list(requests)); said != containers(s) {
			p.add("LimitRange/containers", "requests %v, and the gateway's func.yaml %v, which func does not pass on", containers(s), said)
		}
	}
	always, all := Capacity(s)
	if !always.Fits {
		p.add("Function/"+gateway, "with all else that always runs it does not fit into the smallest production of docs/operations.md: %v", always)
	}
	if always.Fits && !all.Fits {
		p.add("Function/"+gateway, "with a replica of every function it does not fit into the smallest production of docs/operations.md: %v", all)
	}
}

// Need is what pods request together, and whether the nodes that are left have room for each of them.
type Need struct {
	Requests, Available room
	Fits                bool
}

func (n Need) String() string { return fmt.Sprintf("%v of %v", n.Requests, n.Available) }

// Capacity is what always runs, and what runs with a replica of every function, each with the platform, when a node is lost.
func Capacity(s *Set) (always, all Need) {
	var sleepless, rest []room
	for _, f := range s.Functions {
		pod := podRequests(s, f)
		switch {
		case f.Name == gateway:
			for range gateways(s) {
				sleepless = append(sleepless, pod)
			}
		case !sleeps(f):
			sleepless = append(sleepless, pod)
		default:
			rest = append(rest, pod)
		}
	}
	for _, part := range platform {
		for range part.replicas {
			sleepless = append(sleepless, part.requests)
		}
	}
	return need(sleepless), need(slices.Concat(sleepless, rest))
}

// sleeps says whether the function may be at zero: a clock keeps it from that, as each ticks at least once a minute.
func sleeps(f Function) bool {
	low := f.Deploy.Options.Scale.Min
	return (low == nil || *low == 0) && f.Deploy.Annotations["taskwire.dev/schedule"] == ""
}

// gateways is how many replicas of the gateway run at least.
func gateways(s *Set) int {
	for _, o := range all[autoscalingv2.HorizontalPodAutoscaler](s) {
		if o.V.Spec.ScaleTargetRef.Name == gateway && o.V.Spec.MinReplicas != nil {
			return int(*o.V.Spec.MinReplicas)
		}
	}
	return 1
}

// need places pods as the scheduler prefers to: the largest first, each on the node with the most CPU left.
func need(pods []room) Need {
	nodes := make([]room, smallNodes-1)
	n := Need{Fits: true}
	for i := range nodes {
		nodes[i] = smallNode.minus(onEveryNode)
		n.Available = n.Available.plus(nodes[i])
	}
	pods = slices.SortedFunc(slices.Values(pods), func(a, b room) int {
		return cmp.Or(cmp.Compare(b.cpu, a.cpu), cmp.Compare(b.memory, a.memory))
	})
	for _, pod := range pods {
		n.Requests = n.Requests.plus(pod)
		slices.SortFunc(nodes, func(a, b room) int { return cmp.Or(cmp.Compare(b.cpu, a.cpu), cmp.Compare(b.memory, a.memory)) })
		at := slices.IndexFunc(nodes, func(node room) bool { return node.cpu >= pod.cpu && node.memory >= pod.memory })
		if at < 0 {
			n.Fits = false
			continue
		}
		nodes[at] = nodes[at].minus(pod)
	}
	return n
}

// podRequests is what the scheduler counts for a pod of the function: its container, its sidecar and queue-proxy.
func podRequests(s *Set, f Function) room {
	total := amount(list(f.Deploy.Options.Resources.Requests))
	if f.Raw() {
		total = containers(s)
	} else {
		total = total.plus(room{deployment.QueueSidecarCPURequestDefault.MilliValue(), containers(s).memory})
	}
	if f.Sidecar() {
		sidecar := injected(f)
		total = total.plus(room{quantity(sidecar.SidecarCPURequest).MilliValue(), quantity(sidecar.SidecarMemoryRequest).Value() >> 20})
	}
	return total
}

// containers are the requests of a container that says nothing.
func containers(s *Set) room {
	for _, o := range all[corev1.LimitRange](s) {
		for _, limit := range o.V.Spec.Limits {
			if limit.Type == corev1.LimitTypeContainer {
				return amount(limit.DefaultRequest)
			}
		}
	}
	return room{}
}

func amount(l corev1.ResourceList) room { return room{l.Cpu().MilliValue(), l.Memory().Value() >> 20} }

// quantity is nothing for what is no quantity, which checkSidecars reports.
func quantity(text string) *resource.Quantity {
	q, err := resource.ParseQuantity(text)
	if err != nil {
		return &resource.Quantity{}
	}
	return &q
}

// PodRequests is what docs/operations.md says that a pod of the function requests.
func PodRequests(s *Set, f Function) string { return podRequests(s, f).String() }

// CapacityTable is what docs/operations.md shows of all this.
func CapacityTable(s *Set) string {
	var text strings.Builder
	text.WriteString("| pods | replicas | requests of each |\n|---|--:|---|\n")
	for _, part := range platform {
		fmt.Fprintf(&text, "| `%s` | %d | %v |\n", part.name, part.replicas, part.requests)
	}
	always, all := Capacity(s)
	fmt.Fprintf(&text, "| **what always runs, with two gateways** | | **%v** |\n", always.Requests)
	fmt.Fprintf(&text, "| **the same with a replica of every function** | | **%v** |\n", all.Requests)
	fmt.Fprintf(&text, "| **what two nodes leave to pods** | | **%v** |\n", all.Available)
	return text.String()
}
