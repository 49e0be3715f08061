package org.iommulab.lab.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.MachineOptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs a program of the oracle on a {@link Machine}: a small adapter for comparisons. */
final class OracleProgram {

  private static final JsonMapper JSON = new JsonMapper();

  private final List<JsonNode> operations;
  private Machine machine;

  private OracleProgram(List<JsonNode> operations) {
    this.operations = operations;
    this.machine = build("qemu-7.2", operations.getFirst());
  }

  static List<JsonNode> lines(Path file) throws IOException {
    var lines = new ArrayList<JsonNode>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank()) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  /** One result per operation; null where the operation has none. */
  static List<ObjectNode> run(List<JsonNode> operations) {
    return new OracleProgram(operations).run();
  }

  static Machine build(String profile, JsonNode line) {
    var options =
        new MachineOptions(
            line.path("aw_bits").asInt(39),
            line.path("caching_mode").asBoolean(false),
            line.path("scalable").asBoolean(false),
            line.path("pasid").asBoolean(false),
            line.path("device_iotlb").asBoolean(false),
            line.path("snoop_control").asBoolean(false),
            line.path("dma_drain").asBoolean(true),
            line.path("dma_translation").asBoolean(true),
            line.path("pass_through").asBoolean(true),
            line.path("intremap").asBoolean(false),
            line.path("eim").asBoolean(false));
    return new Machine(MachineSpec.script(profile, options));
  }

  private List<ObjectNode> run() {
    var results = new ArrayList<ObjectNode>();
    for (JsonNode operation : operations) {
      ObjectNode result = JSON.createObjectNode();
      boolean hasResult = step(operation, result);
      results.add(hasResult ? result : null);
    }
    return results;
  }

  static long number(JsonNode node) {
    if (node.isNumber()) {
      return node.asLong();
    }
    String text = node.asString();
    return text.startsWith("0x")
        ? Long.parseUnsignedLong(text.substring(2), 16)
        : Long.parseUnsignedLong(text);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private boolean step(JsonNode op, ObjectNode result) {
    String name = op.get("op").asString();
    BooleanSupplier action =
        switch (name) {
          case "machine" -> () -> describeMachine(result);
          case "mem.write" -> () -> writeMemory(op);
          case "mem.fill" -> () -> fillMemory(op);
          case "mem.read" -> () -> readMemory(op, result);
          case "reg.write" -> () -> writeRegister(op);
          case "reg.read" -> () -> readRegister(op, result);
          case "dma.write", "dma.read" -> () -> dma(op, result);
          case "msi" -> () -> sendInterrupt(op);
          case "irq.read" -> () -> readInterrupts(result);
          case "reset" -> () -> reset();
          case "note" -> () -> false;
          default -> throw new IllegalArgumentException(name);
        };
    return action.getAsBoolean();
  }

  private boolean describeMachine(ObjectNode result) {
    result.put("ver", hex(machine.unit().read(0, 4)));
    result.put("cap", hex(machine.unit().read(8, 8)));
    result.put("ecap", hex(machine.unit().read(16, 8)));
    return true;
  }

  private boolean writeMemory(JsonNode op) {
    long address = number(op.get("addr"));
    if (op.has("hex")) {
      byte[] bytes = HexFormat.of().parseHex(op.get("hex").asString());
      machine.memory().write(address, bytes, 0, bytes.length);
      return false;
    }
    for (JsonNode value : op.get("u64")) {
      writeQword(address, number(value));
      address += 8;
    }
    return false;
  }

  private void writeQword(long address, long value) {
    if ((address & 7) == 0) {
      machine.memory().writeQword(address, value);
      return;
    }
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (value >>> 8 * i);
    }
    machine.memory().write(address, bytes, 0, 8);
  }

  private boolean fillMemory(JsonNode op) {
    long start = number(op.get("addr"));
    long length = number(op.get("len"));
    boolean byAddress = op.get("pattern").asString("").equals("addr");
    for (long at = start; at < start + length; at += 8) {
      machine
          .memory()
          .writeQword(at, byAddress ? 0xC0DE_0000_0000_0000L | at : number(op.get("pattern")));
    }
    return false;
  }

  private boolean readMemory(JsonNode op, ObjectNode result) {
    ArrayNode values = result.putArray("u64");
    long address = number(op.get("addr"));
    for (long i = 0; i < number(op.get("count")); i++) {
      values.add(hex(machine.memory().readQword(address + 8 * i)));
    }
    return true;
  }

  private boolean writeRegister(JsonNode op) {
    machine
        .unit()
        .write((int) number(op.get("off")), (int) number(op.get("size")), number(op.get("value")));
    return false;
  }

  private boolean readRegister(JsonNode op, ObjectNode result) {
    result.put(
        "value",
        hex(machine.unit().read((int) number(op.get("off")), (int) number(op.get("size")))));
    return true;
  }

  private boolean dma(JsonNode op, ObjectNode result) {
    SourceId source = SourceId.parse(op.get("rid").asString()).orElseThrow();
    long iova = number(op.get("iova"));
    DmaOutcome outcome =
        op.has("data")
            ? machine.dmaWrite(source, iova, HexFormat.of().parseHex(op.get("data").asString()))
            : machine.dmaRead(source, iova, (int) number(op.get("len")));
    result.put("st", outcome.status().word());
    ArrayNode chunks = result.putArray("chunks");
    for (DmaOutcome.Chunk chunk : outcome.chunks()) {
      ObjectNode node = chunks.addObject();
      node.put("iova", hex(chunk.iova()));
      node.put("len", chunk.length());
      node.put("st", chunk.status().word());
      boolean moved =
          chunk.status() == DmaOutcome.Status.DONE || chunk.status() == DmaOutcome.Status.VOID;
      if (moved) {
        node.put("pa", hex(chunk.physicalAddress()));
      }
      byte[] data = chunk.data();
      if (data != null) {
        node.put("data", HexFormat.of().formatHex(data));
      }
      if (chunk.reason() != null || chunk.cached()) {
        ObjectNode diag = node.putObject("diag");
        if (chunk.reason() != null) {
          diag.put("reason", chunk.reason().code());
        }
        if (chunk.cached()) {
          diag.put("why", "cached");
        }
      }
    }
    return true;
  }

  private boolean sendInterrupt(JsonNode op) {
    machine.msi(
        SourceId.parse(op.get("rid").asString()).orElseThrow(),
        number(op.get("addr")),
        (int) number(op.get("data")));
    return false;
  }

  private boolean readInterrupts(ObjectNode result) {
    ArrayNode list = result.putArray("irqs");
    for (InterruptMessage message : machine.drainInterrupts()) {
      ObjectNode node = list.addObject();
      node.put("vector", message.vector());
      node.put("dest", message.destination());
      node.put("dest_mode", message.destinationMode());
      node.put("delivery", message.deliveryMode());
      node.put("level", message.triggerMode());
    }
    return true;
  }

  private boolean reset() {
    machine.reset();
    return false;
  }
}
