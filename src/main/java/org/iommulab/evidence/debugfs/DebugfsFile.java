package org.iommulab.evidence.debugfs;

import java.util.List;

/**
 * One debugfs file: a block for each unit, or for each device in {@code domain_translation_struct}.
 *
 * @param blocks in file order
 */
public record DebugfsFile(List<Block> blocks) implements DebugfsReading {

  public DebugfsFile {
    blocks = List.copyOf(blocks);
  }

  /** Reads any of the files; its first line tells which one it is. */
  public static DebugfsReading read(String text) {
    return new DebugfsParser(text).read();
  }

  /** The text as the kernel prints it. */
  public String text() {
    var out = new StringBuilder();
    for (Block block : blocks) {
      block.print(out);
    }
    return out.toString();
  }
}
