package manifests

import (
	"fmt"
	"io"
	"reflect"
	"strconv"

	"github.com/dapr/dapr/pkg/injector/patcher"
	"github.com/dapr/dapr/pkg/validation"
	"github.com/dapr/kit/logger"
	corev1 "k8s.io/api/core/v1"
)

// injected is what Dapr's injector understands of the function's annotations.
func injected(f Function) *patcher.SidecarConfig {
	pod := &corev1.Pod{}
	pod.Annotations = map[string]string{}
	for key, value := range f.Deploy.Annotations {
		pod.Annotations[key] = value
	}
	c := patcher.NewSidecarConfig(pod)
	c.SetFromPodAnnotations()
	return c
}

// known are the annotations of Dapr's injector and the Go type of each.
var known = func() map[string]reflect.Type {
	found := map[string]reflect.Type{}
	t := reflect.TypeFor[patcher.SidecarConfig]()
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("annotation"); key != "" {
			found[key] = t.Field(i).Type
		}
	}
	return found
}()

// parseAnnotation refuses what the injector would only mention in its log.
func parseAnnotation(key, value string) error {
	t, ok := known[key]
	if !ok {
		return fmt.Errorf("%s is no annotation of Dapr's", key)
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var err error
	switch t.Kind() {
	case reflect.Bool:
		if value != "true" && value != "false" {
			err = strconv.ErrSyntax
		}
	case reflect.Int, reflect.Int32:
		_, err = strconv.ParseInt(value, 10, 32)
	}
	if err != nil {
		return fmt.Errorf("%s: %q is no %s", key, value, t.Kind())
	}
	return nil
}

// The injector tells its log what parseAnnotation tells.
func init() { logger.NewLogger("dapr.injector").SetOutput(io.Discard) }

func validAppID(id string) error { return validation.ValidateKubernetesAppID(id) }
