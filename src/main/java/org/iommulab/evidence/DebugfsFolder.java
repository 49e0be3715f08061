package org.iommulab.evidence;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.iommulab.evidence.debugfs.Block;
import org.iommulab.evidence.debugfs.DebugfsFile;
import org.iommulab.evidence.debugfs.DebugfsWriter;
import org.iommulab.vtd.tables.TableUse;

/** The folder {@code /sys/kernel/debug/iommu/intel} as the dumped kernel would have shown it. */
public final class DebugfsFolder {

  private static final String REGISTERS = "iommu_regset";
  private static final String TRANSLATION = "dmar_translation_struct";
  private static final String QUEUE = "invalidation_queue";
  private static final String INTERRUPTS = "ir_translation_struct";
  private static final String PAGES = "domain_translation_struct";

  private final Snapshot snapshot;
  private final Path folder;
  private final Set<Path> written = new HashSet<>();

  private DebugfsFolder(Snapshot snapshot, Path folder) {
    this.snapshot = snapshot;
    this.folder = folder;
  }

  /**
   * Writes the files below a folder, each as it is made; a file has all units one after another.
   *
   * @return how many
   * @throws IOException if one of them cannot be written
   */
  public static int write(Snapshot snapshot, Path folder) throws IOException {
    var files = new DebugfsFolder(snapshot, folder);
    if (snapshot.texts().isEmpty()) {
      files.units();
      files.devices();
    } else {
      files.texts();
    }
    return files.written.size();
  }

  /** What came as text goes as text: it has notes of the driver that no table holds. */
  private void texts() throws IOException {
    var texts = new LinkedHashMap<String, StringBuilder>();
    for (DebugfsFile file : snapshot.texts()) {
      boolean together =
          file.blocks().stream()
                  .filter(Block.Pages.class::isInstance)
                  .map(block -> ((Block.Pages) block).device())
                  .distinct()
                  .count()
              > 1;
      String name = firstName(file, together);
      for (Block block : file.blocks()) {
        name = name(block, together).orElse(name);
        block.print(texts.computeIfAbsent(name, key -> new StringBuilder()));
      }
    }
    write(texts);
  }

  private static String firstName(DebugfsFile file, boolean together) {
    return file.blocks().stream()
        .flatMap(block -> name(block, together).stream())
        .findFirst()
        .orElse(
            file.blocks().stream().anyMatch(block -> block.equals(new Block.Remark("****")))
                ? INTERRUPTS
                : TRANSLATION);
  }

  /** The file that a block belongs to; older kernels show all devices together. */
  private static Optional<String> name(Block block, boolean together) {
    return switch (block) {
      case Block.Registers registers -> Optional.of(REGISTERS);
      case Block.Roots roots -> Optional.of(TRANSLATION);
      case Block.Queue queue -> Optional.of(QUEUE);
      case Block.Interrupts interrupts -> Optional.of(INTERRUPTS);
      case Block.Latency latency -> Optional.of("dmar_perf_latency");
      case Block.Pages pages ->
          Optional.of(together ? PAGES : pages.device() + pasid(pages.pasid()) + "/" + PAGES);
      case Block.Remark remark -> Optional.empty();
    };
  }

  private static String pasid(int pasid) {
    return pasid <= 0 ? "" : "/" + Integer.toHexString(pasid);
  }

  private void units() throws IOException {
    var texts = new LinkedHashMap<String, StringBuilder>();
    var writers = new ArrayList<DebugfsWriter>();
    for (int index = 0; index < snapshot.units().size(); index++) {
      Snapshot unit = snapshot.ofUnit(index);
      var writer = new DebugfsWriter(unit.tables(), unit.unit().name());
      writers.add(writer);
      if (!unit.unit().madeUp()) {
        unit.registerBase().ifPresent(base -> add(texts, REGISTERS, writer.registers(base)));
      }
      add(texts, TRANSLATION, writer.translation());
      add(texts, QUEUE, writer.queue());
    }
    add(texts, INTERRUPTS, DebugfsWriter.interrupts(writers));
    write(texts);
  }

  private void write(Map<String, StringBuilder> texts) throws IOException {
    for (Map.Entry<String, StringBuilder> file : texts.entrySet()) {
      try (Writer out = writer(folder.resolve(file.getKey()))) {
        out.append(file.getValue());
      }
    }
  }

  private static void add(Map<String, StringBuilder> texts, String name, DebugfsFile file) {
    texts.computeIfAbsent(name, key -> new StringBuilder()).append(file.text());
  }

  private void devices() throws IOException {
    long left = snapshot.mostEntries();
    for (int index = 0; index < snapshot.units().size(); index++) {
      Snapshot unit = snapshot.ofUnit(index);
      int segment = unit.unit().segment();
      var writer = new DebugfsWriter(unit.tables(), unit.unit().name());
      var uses = new TreeMap<String, List<TableUse>>();
      for (TableUse use : unit.tables().uses()) {
        String name =
            use.source().inSegment(segment).address() + pasid(use.pasid().value()) + "/" + PAGES;
        uses.computeIfAbsent(name, key -> new ArrayList<>()).add(use);
      }
      for (Map.Entry<String, List<TableUse>> use : uses.entrySet()) {
        try (Writer out = writer(folder.resolve(use.getKey()))) {
          left -= writer.printPages(use.getValue(), left, segment, out);
        }
      }
    }
  }

  private Writer writer(Path file) throws IOException {
    written.add(file);
    Files.createDirectories(file.getParent());
    return Files.newBufferedWriter(file);
  }
}
