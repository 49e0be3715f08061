package org.iommulab.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.iommulab.linux.uapi.IoctlTable;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.Test;

/** The border between processes and kernel is declared in {@code linux.uapi} and nowhere else. */
final class BorderTest {

  private static final Pattern NUMBER = Pattern.compile("0x3[bB][0-9a-fA-F]{2}\\b");

  @Test
  void ioctlNumbersAreInUapiOnly() throws IOException {
    Path root = Project.file("src/main/java/org/iommulab");
    var raw = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        boolean declares = root.relativize(file).startsWith("linux/uapi");
        if (!declares && NUMBER.matcher(Files.readString(file)).find()) {
          raw.add(root.relativize(file).toString());
        }
      }
    }
    assertThat(raw).as("use the command's declaration in Uapi").isEmpty();
  }

  @Test
  void tableFindsTheRowByNumberAndTakesNoneTwice() {
    var table = new IoctlTable<String>().on(Uapi.VFIO_IOMMU_MAP_DMA, "map");
    int number = Uapi.VFIO_IOMMU_MAP_DMA.number();
    assertThat(table.row(number)).isEqualTo(new IoctlTable.Row<>(Uapi.VFIO_IOMMU_MAP_DMA, "map"));
    assertThat(table.handler(number + 1)).isNull();
    assertThatThrownBy(() -> table.on(Uapi.VFIO_IOMMU_MAP_DMA, "again"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fieldIsExtendedBySignOrZero() {
    byte[] bytes = new byte[16];
    for (int size : List.of(1, 2, 4, 8)) {
      var signed = new UapiField("fd", 4, size, true, false, 0);
      var unsigned = new UapiField("id", 4, size, false, false, 0);
      signed.put(bytes, 2, -2);
      assertThat(signed.get(bytes, 2)).isEqualTo(-2);
      assertThat(unsigned.get(bytes, 2)).isEqualTo(-2L << 64 - 8 * size >>> 64 - 8 * size);
      assertThat(signed.holds(-2)).isTrue();
      assertThat(unsigned.holds(-2)).isEqualTo(size == 8);
    }
    assertThat(bytes[5]).as("what lies before the field").isZero();
  }

  @Test
  void structureIsFilledWithItsOwnSize() {
    byte[] bytes =
        Uapi.VFIO_IOMMU_MAP_DMA.filled(Map.of("flags", 3L, "vaddr", 1L << 40, "size", 4096L));
    assertThat(bytes)
        .hasSize(32)
        .startsWith(32, 0, 0, 0, 3, 0, 0, 0)
        .endsWith(0, 16, 0, 0, 0, 0, 0, 0);
  }
}
