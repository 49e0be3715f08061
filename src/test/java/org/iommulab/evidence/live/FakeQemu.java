package org.iommulab.evidence.live;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks QMP as QEMU does, over memory made by hand: legacy mode, device 00:03.0 with one page at
 * IOVA 0x4000. What it sends can be changed, cut, held back or left out.
 */
public final class FakeQemu implements AutoCloseable {

  static final long BASE = 0xFED9_0000L;
  static final long RAM = 1 << 20;

  static final String GREETING =
      "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 3, \"minor\": 1, \"major\": 11}, \"package\":"
          + " \"\"}, \"capabilities\": [\"oob\"]}}\r\n";

  private static final Pattern DUMP = Pattern.compile("xp /(\\d+)([gw])x 0x([0-9a-f]+)");

  private final Path socket;
  private final ServerSocketChannel server;
  private final Map<Long, Long> quadwords = new TreeMap<>();
  private final List<String> commands = Collections.synchronizedList(new ArrayList<>());
  private volatile UnaryOperator<String> greeting = UnaryOperator.identity();
  private volatile UnaryOperator<String> answer = UnaryOperator.identity();
  private volatile int left = Integer.MAX_VALUE;
  private volatile String memdevs = "[{\"id\": \"pc.ram\", \"size\": 1048576, \"share\": false}]";
  private volatile String path = "";

  public FakeQemu(Path folder) throws IOException {
    socket = folder.resolve("q");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    qword(0x1000, 0x2001).qword(0x2180, 0x10001).qword(0x2188, 0x702);
    qword(0x10000, 0x11003).qword(0x11000, 0x12003).qword(0x12000, 0x13003);
    qword(0x13020, 0x500003);
    qword(BASE, 0x10).qword(BASE + 8, 0x00D2008C222F0606L).qword(BASE + 0x10, 0xF00F4A);
    qword(BASE + 0x18, 0xC000_0000L << 32).qword(BASE + 0x20, 0x1000);
    Thread.ofVirtual().start(this::serve);
  }

  public Path socket() {
    return socket;
  }

  public FakeQemu qword(long address, long value) {
    synchronized (quadwords) {
      quadwords.put(address, value);
    }
    return this;
  }

  private long read(long address) {
    synchronized (quadwords) {
      return quadwords.getOrDefault(address, 0L);
    }
  }

  /** What becomes of the greeting. */
  FakeQemu greets(UnaryOperator<String> change) {
    greeting = change;
    return this;
  }

  /** What becomes of each answer; an empty one is not sent. */
  FakeQemu answers(UnaryOperator<String> change) {
    answer = change;
    return this;
  }

  /** Ends the connection after so many more answers. */
  public FakeQemu endsAfter(int answers) {
    left = answers;
    return this;
  }

  /** The memory is shared through a file. */
  FakeQemu shares(Path file) {
    memdevs = "[{\"id\": \"pc.ram\", \"size\": 1048576, \"share\": true}]";
    path = file.toString();
    return this;
  }

  /** The memory as a file. */
  byte[] ram() {
    ByteBuffer bytes = ByteBuffer.allocate((int) RAM).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    synchronized (quadwords) {
      quadwords.forEach(
          (address, value) -> {
            if (address < RAM) {
              bytes.putLong((int) (long) address, value);
            }
          });
    }
    return bytes.array();
  }

  /** Every command so far, of the monitor its line. */
  List<String> commands() {
    return List.copyOf(commands);
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel peer = server.accept()) {
        send(peer, greeting.apply(GREETING));
        var in = Channels.newReader(peer, StandardCharsets.UTF_8);
        var line = new StringBuilder();
        for (int letter = in.read(); letter >= 0 && left > 0; letter = in.read()) {
          if (letter != '\n') {
            line.append((char) letter);
            continue;
          }
          left--;
          send(peer, answer.apply(reply(JsonMapper.shared().readTree(line.toString()))));
          line.setLength(0);
        }
      } catch (IOException e) {
        // The client has gone, or this is closed.
      }
    }
  }

  private static void send(SocketChannel peer, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      peer.write(bytes);
    }
  }

  private String reply(JsonNode request) {
    String command = request.path("execute").asString("");
    String line = request.path("arguments").path("command-line").asString("");
    commands.add(line.isEmpty() ? command : line);
    String result =
        switch (command) {
          case "qmp_capabilities" -> "{}";
          case "query-memdev" -> memdevs;
          case "qom-get" ->
              request.path("arguments").path("property").asString("").equals("mem-path")
                  ? quoted(path)
                  : "";
          case "human-monitor-command" -> quoted(monitor(line));
          default -> "";
        };
    String id = request.path("id").toString();
    return result.isEmpty()
        ? "{\"id\": " + id + ", \"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}\r\n"
        : "{\"return\": " + result + ", \"id\": " + id + "}\r\n";
  }

  private static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  private String monitor(String line) {
    if (line.equals("info mtree -f")) {
      return """
      FlatView #0\r
       AS "nvme", root: bus master container\r
       Root memory region: (none)\r
        0000000000000000-00000000ffffffff (prio 0, ram): pc.ram\r
      FlatView #1\r
       AS "memory", root: system\r
       AS "cpu-memory-0", root: system\r
       Root memory region: system\r
        0000000000000000-00000000000effff (prio 0, ram): pc.ram\r
        00000000000f0000-00000000000fffff (prio 0, rom): pc.ram @00000000000f0000\r
        00000000fd000000-00000000fdffffff (prio 1, ram): vga.vram\r
        00000000fed90000-00000000fed9022f (prio 0, i/o): intel_iommu\r
      """;
    }
    Matcher dump = DUMP.matcher(line);
    if (!dump.matches()) {
      return "unknown command\r\n";
    }
    boolean wide = dump.group(2).equals("g");
    long at = Long.parseLong(dump.group(3), 16);
    int perLine = wide ? 2 : 4;
    var out = new StringBuilder();
    for (int i = 0; i < Integer.parseInt(dump.group(1)); i++) {
      long address = at + (wide ? 8L : 4L) * i;
      long value = read(address & ~7L);
      value = wide ? value : value >>> 8 * (address & 4) & 0xFFFF_FFFFL;
      out.append(i % perLine == 0 ? String.format(Locale.ROOT, "%016x:", address) : "");
      out.append(String.format(Locale.ROOT, wide ? " 0x%016x" : " 0x%08x", value));
      out.append(i % perLine == perLine - 1 ? "\r\n" : "");
    }
    return out.append("\r\n").toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }
}
