package org.iommulab.evidence.live;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * QEMU's machine protocol: a JSON object a line, a greeting, then one answer for each command, with
 * events in between. Once the peer is lost every further call says so at once. Source: QEMU,
 * docs/interop/qmp-spec.rst.
 */
final class Qmp implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MOST_EVENTS = 100_000;

  private final Path path;
  private final LineSocket socket;
  private final String version;
  private @Nullable Lost lost;
  private Consumer<String> listener = sentence -> {};
  private long next;

  private Qmp(Path path, LineSocket socket, String version) {
    this.path = path;
    this.socket = socket;
    this.version = version;
  }

  static Qmp open(Path path, Duration patience) throws Lost {
    LineSocket socket = LineSocket.open(path, patience);
    try {
      JsonNode greeting = object(path, socket.receive()).path("QMP");
      if (greeting.isMissingNode()) {
        throw new Lost(path + " is no QMP socket: it does not greet as QEMU does.");
      }
      JsonNode number = greeting.path("version").path("qemu");
      String version =
          number.path("major").asInt(0)
              + "."
              + number.path("minor").asInt(0)
              + "."
              + number.path("micro").asInt(0);
      var qmp = new Qmp(path, socket, version);
      qmp.execute("qmp_capabilities", Map.of());
      return qmp;
    } catch (Lost e) {
      socket.close();
      throw e;
    }
  }

  /** QEMU's version, such as {@code 11.1.3}. */
  String version() {
    return version;
  }

  /** Why the peer is lost, if it is. */
  synchronized Optional<String> lost() {
    return Optional.ofNullable(lost).map(Lost::sentence);
  }

  /** Who hears that the peer is lost; at once if it is already. */
  synchronized void whenLost(Consumer<String> hearer) {
    listener = hearer;
    lost().ifPresent(hearer);
  }

  private static JsonNode object(Path path, String line) throws Lost {
    try {
      JsonNode node = JSON.readTree(line);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JacksonException | StackOverflowError e) {
      // Said below; also for what is nested too deep.
    }
    throw new Lost(path + " sends what is no JSON object: that is no QMP.");
  }

  /**
   * What a command returns; empty if QEMU refuses it.
   *
   * @throws Lost if the peer is gone
   */
  synchronized Optional<JsonNode> execute(String command, Map<String, Object> arguments)
      throws Lost {
    Lost before = lost;
    if (before != null) {
      throw before;
    }
    try {
      return answer(command, arguments);
    } catch (Lost e) {
      lost = e;
      socket.close();
      listener.accept(e.sentence());
      throw e;
    }
  }

  private Optional<JsonNode> answer(String command, Map<String, Object> arguments) throws Lost {
    long id = next++;
    var request = new LinkedHashMap<String, Object>();
    request.put("execute", command);
    if (!arguments.isEmpty()) {
      request.put("arguments", arguments);
    }
    request.put("id", id);
    socket.send(JSON.writeValueAsString(request));
    for (int events = 0; events < MOST_EVENTS; events++) {
      JsonNode line = object(path, socket.receive());
      if (line.has("event")) {
        continue;
      }
      boolean ours = line.path("id").isNumber() && line.path("id").asLong() == id;
      if (ours && line.has("return")) {
        return Optional.of(line.get("return"));
      }
      if (ours && line.has("error")) {
        return Optional.empty();
      }
      throw new Lost(path + " answers " + command + " with something else: that is no QMP.");
    }
    throw new Lost(path + " sends events without end instead of an answer to " + command + ".");
  }

  /** What QEMU's human monitor prints. */
  Optional<String> monitor(String line) throws Lost {
    return execute("human-monitor-command", Map.of("command-line", line))
        .filter(JsonNode::isString)
        .map(JsonNode::asString);
  }

  @Override
  public void close() {
    socket.close();
  }
}
