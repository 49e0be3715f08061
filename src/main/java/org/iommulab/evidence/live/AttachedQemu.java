package org.iommulab.evidence.live;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.RunningMachine;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PageLoader;
import org.iommulab.memory.PhysicalMemory;
import tools.jackson.databind.JsonNode;

/**
 * A running QEMU, reached by its QMP socket. Registers are read by the monitor's {@code xp}; memory
 * through the file it is shared by, where this user may open that, and by {@code xp} otherwise. No
 * command is sent that stops the guest or changes anything.
 */
public final class AttachedQemu implements RunningMachine, AutoCloseable {

  /** Longer than any answer of an emulator that shares its processor with others. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String USUAL_BACKEND = "pc.ram";
  private static final long FIRMWARE = 0xF_0000;
  private static final long KERNEL = 0x10_0000;
  private static final int TRIES = 3;
  private static final Pattern LINE =
      Pattern.compile("[0-9a-f]{8,16}:((?: 0x[0-9a-f]{1,16}){1,4})\\s*");

  private final Path path;
  private final Qmp qmp;
  private final Set<String> backends;
  private final Map<String, SharedRam> shared = new HashMap<>();
  private volatile RamMap map;

  private AttachedQemu(Path path, Qmp qmp, Set<String> backends) throws Lost {
    this.path = path;
    this.qmp = qmp;
    this.backends = backends;
    this.map = readMap();
  }

  /** What became of an attempt to attach. */
  public sealed interface Attempt {}

  /** It worked. */
  public record Attached(AttachedQemu qemu) implements Attempt {}

  /** It did not; the sentence says why and what to do. */
  public record Failed(String sentence) implements Attempt {}

  /** Attaches to the QEMU behind a QMP socket. */
  public static Attempt to(Path socket) {
    return to(socket, PATIENCE);
  }

  static Attempt to(Path socket, Duration patience) {
    try {
      Qmp qmp = Qmp.open(socket, patience);
      try {
        return new Attached(attached(socket, qmp));
      } catch (Lost e) {
        qmp.close();
        throw e;
      }
    } catch (Lost e) {
      return new Failed(e.sentence());
    }
  }

  private static AttachedQemu attached(Path socket, Qmp qmp) throws Lost {
    var all = new ArrayList<JsonNode>();
    qmp.execute("query-memdev", Map.of()).ifPresent(list -> list.forEach(all::add));
    var names = new LinkedHashSet<String>();
    names.add(USUAL_BACKEND);
    all.forEach(backend -> names.add(backend.path("id").asString(USUAL_BACKEND)));
    var qemu = new AttachedQemu(socket, qmp, names);
    for (JsonNode backend : all) {
      if (backend.path("share").asBoolean(false)) {
        qemu.share(backend.path("id").asString(""), backend.path("size").asLong(0));
      }
    }
    return qemu;
  }

  private RamMap readMap() throws Lost {
    String text =
        qmp.monitor("info mtree -f")
            .orElseThrow(() -> new Lost(path + " does not tell its memory map (info mtree -f)."));
    RamMap read = RamMap.read(text, backends);
    if (read.blocks().isEmpty()) {
      throw new Lost(path + " tells a memory map (info mtree -f) without RAM in it.");
    }
    return read;
  }

  // ---- the file behind the memory ---------------------------------------------------------------

  private void share(String backend, long size) throws Lost {
    String object = "/objects/" + backend;
    String file = property(object, "mem-path").map(node -> node.asString("")).orElse("");
    long offset = property(object, "offset").map(node -> node.asLong(0)).orElse(0L);
    for (Path candidate : candidates(file, Math.max(offset, 0) + size)) {
      try {
        SharedRam ram = SharedRam.open(candidate, Math.max(offset, 0));
        if (isSame(backend, ram)) {
          shared.put(backend, ram);
          return;
        }
        ram.close();
      } catch (IOException e) {
        // Not for this user; then xp does.
      }
    }
  }

  private Optional<JsonNode> property(String object, String name) throws Lost {
    return qmp.execute("qom-get", Map.of("path", object, "property", name));
  }

  private List<Path> candidates(String file, long bytes) {
    var candidates = new ArrayList<Path>();
    try {
      Path named = Path.of(file);
      if (!file.isEmpty() && Files.isRegularFile(named)) {
        candidates.add(named);
      }
    } catch (InvalidPathException e) {
      // The name is another system's.
    }
    for (Path open : PeerFiles.process(path).map(PeerFiles::files).orElse(List.of())) {
      String target = PeerFiles.target(open);
      if (target.startsWith("/memfd:") || !file.isEmpty() && target.startsWith(file)) {
        candidates.add(open);
      }
    }
    candidates.removeIf(candidate -> size(candidate) < bytes);
    return candidates;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1;
    }
  }

  /** Whether the file holds what QEMU says is in the memory; the guest may write in between. */
  private boolean isSame(String backend, SharedRam ram) throws Lost {
    var file = new long[PhysicalMemory.FRAME_QUADWORDS];
    for (long address : probes(backend)) {
      boolean same = false;
      for (int i = 0; i < TRIES && !same; i++) {
        long offset = map.block(address).map(block -> block.offsetOf(address)).orElse(-1L);
        same = offset >= 0 && ram.page(offset, file) && Arrays.equals(file, page(address));
      }
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** Pages that seldom change: the firmware's, the kernel's first, the last of each block. */
  private List<Long> probes(String backend) {
    var probes = new ArrayList<Long>();
    for (RamMap.Block block : map.blocks()) {
      AddressRange range = block.range();
      if (block.backend().equals(backend)) {
        for (long address : new long[] {FIRMWARE, KERNEL}) {
          if (range.contains(address, PhysicalMemory.FRAME_BYTES)) {
            probes.add(address);
          }
        }
        probes.add(range.end() - PhysicalMemory.FRAME_BYTES);
      }
    }
    return probes;
  }

  // ---- reading ----------------------------------------------------------------------------------

  private long[] page(long address) throws Lost {
    return words(address, PhysicalMemory.FRAME_QUADWORDS, 'g');
  }

  private long[] words(long address, int count, char size) throws Lost {
    String command = "xp /" + count + size + "x 0x" + Long.toHexString(address);
    String text = qmp.monitor(command).orElse("");
    var words = new long[count];
    int found = 0;
    for (String line : text.lines().toList()) {
      Matcher row = LINE.matcher(line);
      if (row.matches()) {
        for (String word : row.group(1).strip().split(" ")) {
          if (found < count) {
            words[found] = Long.parseUnsignedLong(word, 2, word.length(), 16);
          }
          found++;
        }
      }
    }
    if (found != count) {
      throw new Lost(path + " answers \"" + command + "\" with something else than memory.");
    }
    return words;
  }

  private boolean load(long pfn, long[] frame) {
    long address = pfn * PhysicalMemory.FRAME_BYTES;
    Optional<RamMap.Block> block = map.block(address);
    if (block.isEmpty()) {
      return false;
    }
    SharedRam file = shared.get(block.get().backend());
    if (file != null) {
      return file.page(block.get().offsetOf(address), frame);
    }
    try {
      System.arraycopy(page(address), 0, frame, 0, frame.length);
      return true;
    } catch (Lost e) {
      return false;
    }
  }

  /** The unit as it is now; a sentence if QEMU is gone. Pages are read when they are looked at. */
  public Evidence look() {
    try {
      map = readMap();
    } catch (Lost e) {
      return new BadEvidence(e.sentence());
    }
    Evidence evidence = Evidence.of(this);
    return lost().<Evidence>map(BadEvidence::new).orElse(evidence);
  }

  /** Why QEMU is lost, if it is. */
  public Optional<String> lost() {
    return qmp.lost();
  }

  /** Who hears, once, that QEMU is lost; on the thread that found out. */
  public void whenLost(Consumer<String> listener) {
    qmp.whenLost(listener);
  }

  /** QEMU's version, such as {@code 11.1.3}. */
  public String version() {
    return qmp.version();
  }

  /** All memory is read from the file it is shared by, and none through the monitor. */
  public boolean readsSharedFile() {
    return map.blocks().stream().allMatch(block -> shared.containsKey(block.backend()));
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public List<AddressRange> ram() {
    return map.blocks().stream().map(RamMap.Block::range).toList();
  }

  @Override
  public PageLoader pages() {
    return this::load;
  }

  @Override
  public List<Long> bases() {
    return map.units().stream().map(AddressRange::start).toList();
  }

  @Override
  public Optional<byte[]> registers(long base) {
    long bytes =
        map.units().stream()
            .filter(unit -> unit.start() == base)
            .mapToLong(AddressRange::size)
            .findFirst()
            .orElse(PhysicalMemory.FRAME_BYTES);
    int count = (int) Math.min(bytes, PhysicalMemory.FRAME_BYTES) / Integer.BYTES;
    ByteBuffer window =
        ByteBuffer.allocate(PhysicalMemory.FRAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (long word : words(base, count, 'w')) {
        window.putInt((int) word);
      }
      return Optional.of(window.array());
    } catch (Lost e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    qmp.close();
    shared.values().forEach(SharedRam::close);
  }
}
