package org.iommulab.evidence;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.debugfs.DebugfsFile;
import org.iommulab.evidence.debugfs.DebugfsWriter;
import org.iommulab.vtd.tables.TableUse;

/** The folder {@code /sys/kernel/debug/iommu/intel} as the dumped kernel would have shown it. */
public final class DebugfsFolder {

  private static final String FIRST_UNIT = "dmar0";
  private static final String SEGMENT = "0000:";

  private DebugfsFolder() {}

  /**
   * Writes the files below a folder, each as it is made.
   *
   * @return how many
   * @throws IOException if one of them cannot be written
   */
  public static int write(Snapshot snapshot, Path folder) throws IOException {
    var writer = new DebugfsWriter(snapshot.tables(), FIRST_UNIT);
    var files = new TreeMap<String, DebugfsFile>();
    snapshot.registerBase().ifPresent(base -> files.put("iommu_regset", writer.registers(base)));
    files.put("dmar_translation_struct", writer.translation());
    files.put("invalidation_queue", writer.queue());
    files.put("ir_translation_struct", writer.interrupts());
    for (Map.Entry<String, DebugfsFile> file : files.entrySet()) {
      try (Writer out = writer(folder.resolve(file.getKey()))) {
        out.append(file.getValue().text());
      }
    }
    var uses = new TreeMap<SourceId, List<TableUse>>();
    for (TableUse use : snapshot.tables().uses()) {
      uses.computeIfAbsent(use.source(), source -> new ArrayList<>()).add(use);
    }
    long left = snapshot.mostEntries();
    for (Map.Entry<SourceId, List<TableUse>> use : uses.entrySet()) {
      String name = SEGMENT + use.getKey() + "/domain_translation_struct";
      try (Writer out = writer(folder.resolve(name))) {
        left -= writer.printPages(use.getValue(), left, out);
      }
    }
    return files.size() + uses.size();
  }

  private static Writer writer(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.newBufferedWriter(file);
  }
}
