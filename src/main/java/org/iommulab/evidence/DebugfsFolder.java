package org.iommulab.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.debugfs.DebugfsFile;
import org.iommulab.evidence.debugfs.DebugfsWriter;
import org.iommulab.vtd.tables.TableUse;

/** The folder {@code /sys/kernel/debug/iommu/intel} as the dumped kernel would have shown it. */
public final class DebugfsFolder {

  private static final String FIRST_UNIT = "dmar0";
  private static final String SEGMENT = "0000:";

  private DebugfsFolder() {}

  /** Its files by their path in the folder. */
  public static Map<String, DebugfsFile> of(Snapshot snapshot) {
    var writer = new DebugfsWriter(snapshot.tables(), FIRST_UNIT);
    var files = new TreeMap<String, DebugfsFile>();
    snapshot.registerBase().ifPresent(base -> files.put("iommu_regset", writer.registers(base)));
    files.put("dmar_translation_struct", writer.translation());
    files.put("invalidation_queue", writer.queue());
    files.put("ir_translation_struct", writer.interrupts());
    var sources = new TreeSet<SourceId>();
    for (TableUse use : snapshot.tables().uses()) {
      sources.add(use.source());
    }
    for (SourceId source : sources) {
      files.put(SEGMENT + source + "/domain_translation_struct", writer.pages(source));
    }
    return files;
  }

  /**
   * Writes the files below a folder.
   *
   * @return how many
   * @throws IOException if one of them cannot be written
   */
  public static int write(Snapshot snapshot, Path folder) throws IOException {
    Map<String, DebugfsFile> files = of(snapshot);
    for (Map.Entry<String, DebugfsFile> file : files.entrySet()) {
      Path target = folder.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue().text(), StandardCharsets.UTF_8);
    }
    return files.size();
  }
}
