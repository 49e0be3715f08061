package org.iommulab.ui.view.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InspectorModelTest {

  private final InspectorModel model = new InspectorModel();
  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());

  @AfterEach
  void close() {
    lab.close();
  }

  private static Inspected entry(long value, Set<String> features) {
    return new Inspected(
        "PD [2]",
        Phrase.NONE,
        SecondStageEntry.LEAF_2M,
        List.of(value),
        features,
        new Inspected.InMemory(WorkedExample.LARGE_LEAF),
        List.of(),
        -1);
  }

  private Inspected ask(Selected selected) {
    return Objects.requireNonNull(lab.ask(view -> InspectorQuery.answer(selected, view)));
  }

  private static String said(Inspected inspected) {
    var texts = new Texts(Locale.ENGLISH);
    return inspected.explanation().stream()
        .map(phrase -> phrase.in(texts))
        .collect(Collectors.joining(" "));
  }

  @Test
  void fieldsAreNamedWithTheirBits() {
    model.show(entry(0x180000883L, Set.of("SC")));
    assertThat(model.fields())
        .extracting(FieldRow::name)
        .contains("R [0]", "W [1]", "PS [7]", "SNP [11]", "ADDR [51:21]");
    assertThat(model.violations()).isEmpty();
  }

  @Test
  void bitOfAMissingCapabilityIsAViolation() {
    model.show(entry(0x180000883L, Set.of()));
    assertThat(model.violations()).extracting(FieldRow::name).containsExactly("SNP [11]");
    assertThat(model.violations().getFirst().role()).isEqualTo(Role.BAD);
  }

  @Test
  void editedBitsBecomeOneCommand() {
    model.show(entry(0x180000883L, Set.of("SC")));
    model.edit();
    model.flip(1);
    assertThat(model.isChanged()).isTrue();
    assertThat(model.commit())
        .contains(new Command.MemWrite(WorkedExample.LARGE_LEAF, Bytes.ofQuadwords(0x180000881L)));
    assertThat(model.editingProperty().get()).isFalse();
  }

  @Test
  void editOfARegisterWritesTheRegister() {
    model.show(ask(new Selected.Register(0, "FECTL")));
    model.edit();
    long before = model.value().getFirst();
    model.flip(31);
    assertThat(model.commit()).contains(new Command.RegWrite(0x38, 4, before ^ 0x8000_0000L));
  }

  @Test
  void bitsDoNotMoveUnlessTheyAreEdited() {
    model.show(entry(3, Set.of()));
    model.flip(0);
    assertThat(model.value()).containsExactly(3L);
    assertThat(model.commit()).isEmpty();
  }

  @Test
  void draftSurvivesANewAnswerAboutTheSameEntry() {
    model.show(entry(3, Set.of()));
    model.edit();
    model.flip(1);
    model.show(entry(7, Set.of()));
    assertThat(model.value()).containsExactly(1L);
    model.cancel();
    assertThat(model.value()).containsExactly(7L);
  }

  @Test
  void leafIsExplainedInPlainWords() {
    Inspected leaf =
        ask(new Selected.Entry(WorkedExample.LARGE_LEAF, SecondStageEntry.LEAF_2M, "whatever"));
    assertThat(leaf.title()).isEqualTo("PD [2]");
    assertThat(said(leaf))
        .startsWith("This leaf covers IOVA 1_0040_0000 … 1_005F_FFFF and leads to host memory");
    assertThat(leaf.frame()).isEqualTo(0x1_8000_0000L);
  }

  @Test
  void clearedEntryTellsWhatItWas() {
    lab.run(WorkedExample.clearLargeLeaf());
    Inspected entry =
        ask(new Selected.Entry(WorkedExample.LARGE_LEAF, SecondStageEntry.LEAF_2M, "PD [2]"));
    assertThat(said(entry)).contains("Nothing is mapped").contains("180000883 became 0");
  }

  @Test
  void addressOfADeviceLeadsToItsLeaf() {
    Inspected leaf = ask(new Selected.Address(new org.iommulab.bus.SourceId(0x18), 0x1_004A_BCDEL));
    assertThat(leaf.title()).isEqualTo("PD [2]");
  }

  @Test
  void deviceLeadsToItsContextEntry() {
    Inspected context = ask(new Selected.Device(new org.iommulab.bus.SourceId(0x18)));
    assertThat(context.quadwords()).containsExactly(0x1_0A00_0001L, 0x2102L);
    assertThat(said(context)).contains("4-level table at 1_0A00_0000").contains("domain 21");
  }

  @Test
  void faultTellsWhoTriedWhat() {
    lab.run(WorkedExample.strayWrite());
    assertThat(said(ask(new Selected.Fault(0))))
        .startsWith("Device 00:03.0 tried to write at 2_0000_0000.");
  }

  @Test
  void aChosenFieldStaysLitWhileThePointerIsElsewhere() {
    model.show(entry(0x180000883L, Set.of("SC")));
    model.light(SecondStageEntry.R);
    assertThat(model.litProperty().get()).isEqualTo(SecondStageEntry.R);
    model.light(null);
    assertThat(model.litProperty().get()).isNull();
    model.toggle(SecondStageEntry.PS);
    model.light(SecondStageEntry.R);
    model.light(null);
    assertThat(model.litProperty().get()).isEqualTo(SecondStageEntry.PS);
    model.toggle(SecondStageEntry.PS);
    assertThat(model.litProperty().get()).isNull();
  }
}
