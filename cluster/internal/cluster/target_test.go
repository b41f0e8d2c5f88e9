package cluster

import "testing"

func TestNode_CountsThem(t *testing.T) {
	for output, want := range map[string]string{
		`v1.34.4, 2 processors\n`:                        "1 node of Kubernetes v1.34.4, 2 processors",
		`v1.34.4, 2 processors\nv1.34.3, 4 processors\n`: "2 nodes of Kubernetes v1.34.4, 2 processors",
		``: "unknown nodes",
	} {
		_, c := fakeKubectl(t, `printf '`+output+`'`)
		if got := (&Target{Cluster: c}).Node(t.Context()); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
