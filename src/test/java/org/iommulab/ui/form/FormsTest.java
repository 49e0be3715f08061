package org.iommulab.ui.form;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.Desk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormsTest {

  private final Desk desk = new Desk();

  @AfterEach
  void close() {
    desk.close();
  }

  private FormFacts facts() {
    var answer = new AtomicReference<FormFacts>();
    desk.model.ask(FormFacts::of, answer::set);
    desk.settle();
    return answer.get();
  }

  private FormFacts factsAfterVmmMapped() {
    Preset preset = Presets.named("vfio-dma-map").orElseThrow();
    desk.model.change(lab -> lab.load(preset), done -> {});
    desk.settle();
    return facts();
  }

  private static void set(Form form, String field, String value) {
    form.fields().stream()
        .filter(each -> each.id().equals(field))
        .findFirst()
        .orElseThrow()
        .value()
        .set(value);
  }

  private static List<String> script(Form form) {
    assertThat(form.draft()).isInstanceOf(Draft.Ready.class);
    return ((Draft.Ready) form.draft()).commands().stream().map(Command::toJson).toList();
  }

  @Test
  void mappingNeedsAKernel() {
    assertThat(MapForm.map(facts(), 0).draft())
        .isEqualTo(new Draft.Unfinished("through", "form.no-way"));
  }

  @Test
  void mappingGoesThroughTheVmmFirst() {
    Form form = MapForm.map(factsAfterVmmMapped(), 0x20000000);
    set(form, "size", "8 KiB");
    assertThat(script(form))
        .singleElement()
        .asString()
        .contains("vfio_dma_map")
        .contains("0x20000000")
        .contains("0x2000");
  }

  private Proposal proposal(long wished) {
    var answer = new AtomicReference<Proposal>();
    desk.model.ask(view -> Proposal.of(view, desk.model.subject(), wished), answer::set);
    desk.settle();
    return answer.get();
  }

  private Result give(Form form) {
    var answer = new AtomicReference<Result>();
    Command command = ((Draft.Ready) form.draft()).commands().getFirst();
    desk.model.change(lab -> lab.execute(command), answer::set);
    desk.settle();
    return answer.get();
  }

  /** Whatever address was used last, what the forms propose works as it stands. */
  @ParameterizedTest
  @ValueSource(longs = {0, 0x1003FF000L, 0x100400ABCL, 0x7_0000_0000L, 0xFEE0_0000L, -1})
  void whatIsProposedWorks(long wished) {
    FormFacts facts = factsAfterVmmMapped();
    for (int mapping = 0; mapping < 3; mapping++) {
      assertThat(give(MapForm.map(facts, proposal(wished).free())).succeeded()).isTrue();
    }
    Proposal near = proposal(wished);
    SourceId device = desk.model.subject().device();
    assertThat(give(new DmaForm(facts, device, near.mapped(), "w", "r")).succeeded()).isTrue();
    assertThat(give(MapForm.unmap(facts, near.first(), near.size())).succeeded()).isTrue();
    Proposal after = proposal(near.mapped());
    assertThat(after.mapped()).isNotEqualTo(near.mapped());
    assertThat(give(new DmaForm(facts, device, after.mapped(), "w", "r")).succeeded()).isTrue();
  }

  @Test
  void addressesOfInterruptsAreNotProposed() {
    assertThat(proposal(0xFEE0_1000L).free()).isEqualTo(0xFEF0_0000L);
  }

  @Test
  void dmaGoesToWhatWasMappedLast() {
    FormFacts facts = factsAfterVmmMapped();
    give(MapForm.map(facts, 0x7_0000_0000L));
    give(MapForm.map(facts, 0x6_0000_0000L));
    assertThat(proposal(0x5_0000_0000L).mapped()).isEqualTo(0x6_0000_0000L);
    assertThat(proposal(0x7_0000_0008L).mapped()).isEqualTo(0x7_0000_0008L);
  }

  /** A form says what its button does. */
  @Test
  void theWaysOfUnmappingUnmap() {
    for (Through way : Through.ways(factsAfterVmmMapped())) {
      assertThat(way.shown(true)).containsIgnoringCase("unmap");
      assertThat(way.shown(false)).doesNotContainIgnoringCase("unmap");
    }
  }

  @Test
  void halfPagesAreNotMapped() {
    Form form = MapForm.map(factsAfterVmmMapped(), 0x800);
    assertThat(form.draft()).isEqualTo(new Draft.Unfinished("iova", "form.not-pages"));
  }

  @Test
  void aDeviceReadsOrWrites() {
    Form form = new DmaForm(facts(), null, 0x1000, "writes", "reads");
    assertThat(script(form)).singleElement().asString().contains("dma.write").contains("deadbeef");
    set(form, "direction", "read");
    assertThat(script(form)).singleElement().asString().contains("dma.read");
    set(form, "length", "1 MiB");
    assertThat(form.draft()).isEqualTo(new Draft.Unfinished("length", "form.too-long"));
  }

  @Test
  void dataMustBeWholeBytes() {
    Form form = new DmaForm(facts(), null, 0, "writes", "reads");
    set(form, "data", "abc");
    assertThat(form.draft()).isEqualTo(new Draft.Unfinished("data", "form.bad-data"));
  }

  @Test
  void withoutAQueueInvalidationGoesThroughRegisters() {
    Form form = new InvalidateForm(facts(), List.of("a", "b", "c", "d", "e", "f"), 0x3000);
    assertThat(script(form)).hasSize(2).allSatisfy(line -> assertThat(line).contains("reg.write"));
  }

  @Test
  void aRunningKernelInvalidatesItself() {
    Form form =
        new InvalidateForm(
            factsAfterVmmMapped(), List.of("a", "b", "c", "d", "e", "f"), 0x100400000L);
    List<String> lines = script(form);
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).contains("qi_flush_iotlb").contains("0x100400000");
  }

  @Test
  void withoutAKernelTheQueueTakesADescriptorAndANewTail() {
    FormFacts now = factsAfterVmmMapped();
    var bare =
        new FormFacts(
            1,
            now.devices(),
            now.domainIds(),
            List.of(),
            List.of(),
            false,
            false,
            0,
            now.registers(),
            now.queue());
    List<String> lines =
        script(new InvalidateForm(bare, List.of("a", "b", "c", "d", "e", "f"), 0x100400000L));
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).contains("mem.write");
    assertThat(lines.getLast()).contains("reg.write").contains("0x88");
  }

  @Test
  void anUnalignedRangeOfPagesIsNotInvalidated() {
    Form form = new InvalidateForm(facts(), List.of("a", "b", "c", "d", "e", "f"), 0x1000);
    set(form, "pages", "2");
    assertThat(form.draft()).isEqualTo(new Draft.Unfinished("pages", "form.not-aligned"));
  }
}
