package org.iommulab.lab.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;

/** The presets that ship with the program. */
public final class Presets {

  private static final List<String> NAMES =
      List.of(
          "vfio-dma-map",
          "stale-iotlb",
          "permission-fault",
          "superpages",
          "viommu-shadow",
          "device-tlb",
          "page-request",
          "sva-page-request",
          "nested",
          "nic-ring",
          "legacy-card",
          "rogue-engine",
          "two-units",
          "gpu-shared-memory");

  private Presets() {}

  /** All of them, in the order of the course. */
  public static List<Preset> all() {
    return Shipped.ALL;
  }

  /** The preset of that name. */
  public static Optional<Preset> named(String name) {
    return all().stream().filter(preset -> preset.name().equals(name)).findFirst();
  }

  /** Read when first asked for. */
  private static final class Shipped {
    static final List<Preset> ALL = NAMES.stream().map(Shipped::read).toList();

    private static Preset read(String name) {
      return switch (Preset.parse(name, name, text("/org/iommulab/presets/" + name + ".yaml"))) {
        case Reading.Good<Preset>(Preset preset) -> preset;
        case Reading.Bad<Preset>(Bilingual sentence) ->
            throw new IllegalStateException(sentence.english());
      };
    }

    private static String text(String resource) {
      try (InputStream in = Presets.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalStateException(resource + " is missing in the program");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
