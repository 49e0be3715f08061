package org.iommulab.peer.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iommulab.linux.process.SyscallResult;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of a record: {@code {"KIND":{…},"learned":[{"KIND":{…}},…],"ret":…,"errno":…,"why":…}}.
 *
 * @param request what was asked
 * @param learned what the world answered meanwhile, in order
 * @param ret what the call returned
 * @param errno the error's name, null without one
 */
record RecordLine(Request request, List<Answer> learned, long ret, @Nullable String errno) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A line's text. */
  static String of(Request request, List<Answer> learned, SyscallResult result) {
    ObjectNode line = JSON.createObjectNode();
    line.set(request.getClass().getSimpleName(), JSON.valueToTree(request));
    ArrayNode answers = line.putArray("learned");
    for (Answer answer : learned) {
      answers.add(JSON.valueToTree(Map.of(answer.getClass().getSimpleName(), answer)));
    }
    line.put("ret", result.ret());
    if (result.errno() != null) {
      line.put("errno", result.errno().name());
      line.put("why", result.cause());
    }
    return JSON.writeValueAsString(line);
  }

  /** The line of a text; null if it is none. */
  static @Nullable RecordLine parse(String text) {
    try {
      JsonNode line = JSON.readTree(text);
      Request request = null;
      for (Class<?> kind : Request.class.getPermittedSubclasses()) {
        if (line.has(kind.getSimpleName())) {
          request = (Request) JSON.treeToValue(line.get(kind.getSimpleName()), kind);
        }
      }
      var learned = new ArrayList<Answer>();
      for (JsonNode answer : line.path("learned")) {
        for (Class<?> kind : Answer.class.getPermittedSubclasses()) {
          if (answer.has(kind.getSimpleName())) {
            learned.add((Answer) JSON.treeToValue(answer.get(kind.getSimpleName()), kind));
          }
        }
      }
      return request == null
          ? null
          : new RecordLine(
              request,
              learned,
              line.path("ret").asLong(0),
              line.has("errno") ? line.get("errno").asString() : null);
    } catch (JacksonException e) {
      return null;
    }
  }
}
