package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.TableKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForkTest {

  private final Laboratory lab = new Laboratory();
  private Snapshot dump;
  private ContextNode context;
  private MappedRange range;

  @BeforeEach
  void openADumpAndFindAWritablePage() {
    dump = (Snapshot) Evidence.open(Path.of("assets/samples/legacy48.elf.gz"));
    for (ContextNode candidate : dump.tables().contexts()) {
      if (candidate instanceof ContextNode.Legacy legacy && legacy.table().isPresent()) {
        TableKey table = legacy.table().get();
        for (MappedRange mapped : dump.tables().table(table).ranges()) {
          if (mapped.rights().write()) {
            context = candidate;
            range = mapped;
          }
        }
      }
    }
    lab.open(dump);
  }

  private Command dma(String data) {
    return new Command.DmaWrite(context.source(), range.iova(), Bytes.ofHex(data));
  }

  @Test
  void dumpIsToLookAtOnly() {
    assertThat(lab.view().isLive()).isFalse();
    assertThat(lab.view().machine()).isEmpty();
    assertThat(lab.view().tables().contexts()).isNotEmpty();
    assertThat(lab.execute(dma("01")).succeeded()).isFalse();
    assertThat(lab.journal()).isEmpty();
  }

  @Test
  void forkTranslatesAsTheDumpsTablesSay() {
    assertThat(lab.fork().succeeded()).isTrue();
    assertThat(lab.view().isLive()).isTrue();
    assertThat(lab.view().tables().translationEnabled()).isTrue();
    Result result = lab.execute(dma("6162"));
    assertThat(result.succeeded()).as(result.fields().toString()).isTrue();
    assertThat(lab.view().memory().readQword(range.physical()) & 0xFFFF).isEqualTo(0x6261);
  }

  @Test
  void theAdvisorLooksAtADumpAsItWasFound() {
    lab.setAdvised(true);
    assertThat(lab.view().isAdvised()).isTrue();
    assertThat(lab.view().advice()).isEmpty();
    assertThat(lab.view().advice()).isEqualTo(Laboratory.adviceOn(dump));
    assertThat(lab.journal()).isEmpty();
    lab.fork();
    long second = context.address() + 8;
    long reserved = lab.view().memory().readQword(second) | 1L << 40;
    lab.execute(new Command.MemWrite(second, Bytes.ofHex(littleEndian(reserved))));
    assertThat(lab.advice()).extracting(one -> one.rule().id()).contains("H40");
  }

  private static String littleEndian(long value) {
    return HexFormat.of().toHexDigits(Long.reverseBytes(value));
  }

  @Test
  void dumpUnderneathStaysAsItWas() {
    long before = dump.memory().readQword(range.physical());
    lab.fork();
    lab.execute(dma("6162"));
    assertThat(dump.memory().readQword(range.physical())).isEqualTo(before);
    lab.undo();
    assertThat(lab.view().memory().readQword(range.physical())).isEqualTo(before);
    lab.redo();
    assertThat(lab.view().memory().readQword(range.physical())).isNotEqualTo(before);
  }

  @Test
  void devicesOfTheDumpCanBeNamed() {
    lab.fork();
    assertThat(lab.view().machine().orElseThrow().devices())
        .extracting(device -> device.source())
        .contains(context.source());
  }

  @Test
  void withoutADumpThereIsNothingToFork() {
    var empty = new Laboratory();
    assertThat(empty.fork().fields()).containsEntry("error", "no dump is open to fork");
  }
}
