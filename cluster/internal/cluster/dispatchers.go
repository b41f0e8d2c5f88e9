package cluster

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"taskwire.dev/tools/manifest"
)

// checkDispatchers compares the dispatchers of Knative's KafkaSources with the consumers that a source asks for. Knative
// places a source's consumers on as few dispatchers as it can, by default all on one, and there they are one member of the
// consumer group: `consumers: 3` would change nothing, and one node's end would stop every consumer.
func (d *deploying) checkDispatchers(ctx context.Context) error {
	wanted := mostConsumers(d.objects)
	if wanted < 2 {
		return nil
	}
	output, err := d.kubectl(ctx, nil, "-n", "knative-eventing", "get", "deployment", "kafka-controller", "-o",
		`jsonpath={.spec.template.spec.containers[*].env[?(@.name=="DISPATCHERS_MIN_REPLICAS")].value}`)
	if err != nil {
		return err
	}
	if there, _ := strconv.Atoi(string(output)); there >= wanted {
		return nil
	}
	return fmt.Errorf("a KafkaSource has %d consumers, and Knative runs at least %s dispatchers for them: "+
		"kubectl -n knative-eventing set env deployment/kafka-controller DISPATCHERS_MIN_REPLICAS=%d (docs/operations.md)",
		wanted, cmp.Or(string(output), "0"), wanted)
}

// mostConsumers is the largest number of consumers of any KafkaSource.
func mostConsumers(objects []manifest.Object) int {
	most := 0
	for _, one := range objects {
		if one.Kind() != "KafkaSource" {
			continue
		}
		spec, _ := one["spec"].(map[string]any)
		consumers, _ := spec["consumers"].(float64)
		most = max(most, int(consumers))
	}
	return most
}
