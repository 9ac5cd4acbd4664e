package org.zlens.engine.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.DataFault;

/**
 * Proxies as other programs find them: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in capitals
 * or small letters. This machine itself is asked directly; what no variable says, the JVM decides.
 */
final class EnvironmentProxies extends ProxySelector {
  private static final int USUAL_PORT = 80;

  private final UnaryOperator<String> environment;

  EnvironmentProxies(UnaryOperator<String> environment) {
    this.environment = environment;
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    if (isThisMachine(host) || isExcepted(host)) {
      return List.of(Proxy.NO_PROXY);
    }
    String proxy = said(uri.getScheme().toUpperCase(Locale.ROOT) + "_PROXY");
    proxy = proxy == null ? said("ALL_PROXY") : proxy;
    if (proxy == null) {
      ProxySelector usual = ProxySelector.getDefault();
      return usual == null ? List.of(Proxy.NO_PROXY) : usual.select(uri);
    }
    return List.of(new Proxy(Proxy.Type.HTTP, address(proxy)));
  }

  private String said(String name) {
    for (String spelling : List.of(name.toLowerCase(Locale.ROOT), name)) {
      String value = environment.apply(spelling);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return null;
  }

  private static boolean isThisMachine(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private boolean isExcepted(String host) {
    String exceptions = said("NO_PROXY");
    if (exceptions == null) {
      return false;
    }
    for (String exception : exceptions.toLowerCase(Locale.ROOT).split(",")) {
      String name = exception.strip().replaceFirst("^[*]?[.]", "");
      if (name.equals("*") || !name.isEmpty() && (host.equals(name) || host.endsWith("." + name))) {
        return true;
      }
    }
    return false;
  }

  private static InetSocketAddress address(String proxy) {
    try {
      URI uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
      if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
        return InetSocketAddress.createUnresolved(
            uri.getHost(), uri.getPort() < 0 ? USUAL_PORT : uri.getPort());
      }
    } catch (IllegalArgumentException e) {
      // Told below, as for proxies of another kind.
    }
    throw new ZlensException(
        Kind.USAGE,
        // It may hold a password, so that only what follows it is told.
        "no proxy can be " + DataFault.quote(proxy.substring(proxy.lastIndexOf('@') + 1)),
        "HTTPS_PROXY is understood as http://host:port");
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // Whoever asked is told by the failure itself.
  }
}
