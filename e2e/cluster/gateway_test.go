package cluster

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/world"
)

// twoGateways writes through the public address, to whichever replica, and expects every change on a stream of each.
func twoGateways(ctx context.Context, t *testing.T, at world.Place, gateways []pod) {
	t.Helper()
	ada, session := newUser(ctx, t, at)
	var streams []*client.Stream
	for _, p := range gateways {
		direct := client.New(at.GatewayURL, transportTo(p.Status.PodIP+":8080")).As(session.AccessToken)
		s := check.Must(direct.OpenStream(ctx, "", nil))(t)
		defer s.Close()
		streams = append(streams, s)
	}
	const changes = 40
	for i := range changes {
		check.Must(ada.CreateTask(ctx, client.Fields{"title": fmt.Sprintf("Number %d", i+1)}))(t)
	}
	for i, s := range streams {
		for seq := int64(1); seq <= changes; {
			frame := check.Must(s.Next(ctx))(t)
			if frame.Event != "sync.task-changed" {
				continue
			}
			if change := check.Must(frame.Change())(t); change.Seq != seq {
				t.Fatalf("gateway %s delivered number %d after %d", gateways[i].Metadata.Name, change.Seq, seq-1)
			}
			seq++
		}
	}
	measure(t, "replicas", "two gateways", fmt.Sprintf("%d changes, all on a stream of each, in order", changes))
}

// underLoad starts the load and lists the functions to test. The load does not test cold starts: with its requests
// waiting for the first pod, Knative would start more pods than a small node has room for.
func underLoad(t *testing.T) (*world.World, []function) {
	t.Helper()
	at := place(t)
	ctx := check.Within(t, timeout)
	at.Rate = rate(ctx, t)
	all := check.Must(functions(ctx))(t)
	awake(ctx, t, "auth")
	awake(ctx, t, "tasks")
	return world.Start(t, at), all
}

// rate is how many writes a second the cluster gets: ten for each core, and at most fifty. Fifty, with a stream of each user and
// all of Kubernetes, are what two slow cores can do and no more, and an update could then take any time.
func rate(ctx context.Context, t *testing.T) int {
	t.Helper()
	nodes := check.Must(get[list[struct {
		Status struct {
			Capacity struct {
				CPU int `json:"cpu,string"`
			} `json:"capacity"`
		} `json:"status"`
	}]](ctx, "nodes"))(t)
	cores := 0
	for _, node := range nodes.Items {
		cores += node.Status.Capacity.CPU
	}
	return max(1, min(50, 10*cores))
}

// transportTo connects to one pod whatever the URL says: the gateway serves only its public name.
func transportTo(address string) *http.Transport {
	t := transport().Clone()
	t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
	return t
}
