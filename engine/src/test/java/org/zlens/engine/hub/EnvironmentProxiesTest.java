package org.zlens.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
  private static Proxy of(String uri, Map<String, String> environment) {
    return new EnvironmentProxies(environment::get).select(URI.create(uri)).get(0);
  }

  private static void assertProxy(Proxy proxy, String host, int port) {
    InetSocketAddress address = (InetSocketAddress) proxy.address();
    assertThat(address.getHostString()).isEqualTo(host);
    assertThat(address.getPort()).isEqualTo(port);
  }

  @Test
  void theVariableOfTheSchemeCounts() {
    Map<String, String> both = Map.of("HTTPS_PROXY", "http://a:3128", "http_proxy", "b:8080");

    assertProxy(of("https://huggingface.co", both), "a", 3128);
    assertProxy(of("http://huggingface.co", both), "b", 8080);
    assertProxy(of("https://huggingface.co", Map.of("ALL_PROXY", "http://c")), "c", 80);
  }

  @Test
  void exceptionsAndThisMachineAreAskedDirectly() {
    for (String exceptions : new String[] {"*", "huggingface.co", "x, .co", "*.co"}) {
      Map<String, String> environment = Map.of("HTTPS_PROXY", "a:1", "NO_PROXY", exceptions);
      assertThat(of("https://huggingface.co", environment)).isEqualTo(Proxy.NO_PROXY);
    }
    Map<String, String> near = Map.of("HTTPS_PROXY", "a:1", "NO_PROXY", "face.co");
    assertProxy(of("https://huggingface.co", near), "a", 1);
    for (String host : new String[] {"127.0.0.1", "localhost", "[::1]"}) {
      assertThat(of("http://" + host + ":80/x", Map.of("ALL_PROXY", "a:1")))
          .isEqualTo(Proxy.NO_PROXY);
    }
  }

  @Test
  void aProxyThatCannotBeIsRefusedWithoutItsPassword() {
    assertThatThrownBy(() -> of("https://x.org", Map.of("HTTPS_PROXY", "socks://u:secret@h:1")))
        .hasMessage("no proxy can be 'h:1'");
    assertThatThrownBy(() -> of("https://x.org", Map.of("HTTPS_PROXY", "http://a b")))
        .hasMessageContaining("no proxy can be");
  }
}
