package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Kind;
import org.iommulab.lab.language.Language;
import org.iommulab.lab.language.Operation;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.language.Trait;
import org.iommulab.lab.run.call.Function;
import org.iommulab.lab.run.call.Functions;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A refused command leaves no trace. Two laboratories do the same; one of them is asked for
 * something that it refuses in between. What both do afterwards must give the same bytes: results,
 * memory, journal, calls, and the addresses of whatever is allocated next.
 *
 * <pre>
 *   before ── refused ── after      equal to      before ── after
 * </pre>
 */
final class RefusalTest {

  private static final List<String> BEFORE =
      List.of(
          "{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1'}",
          "{'op':'mem.write','addr':'0x5000','u64':[1]}",
          "{'op':'call','fn':'kmalloc','args':{'size':4096},'as':'kbuf'}",
          "{'op':'mem.write','addr':'0x5000','u64':[2]}");

  /** All that could tell the two apart: process memory, CPU, names, allocators, devices. */
  private static final List<String> AFTER =
      List.of(
          "{'op':'user.alloc','as':'first','len':4096}",
          "{'op':'open','path':'/dev/iommu','as':'iommu'}",
          "{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_ALLOC','as':'ioas'}",
          "{'op':'user.alloc','as':'second','len':4096}",
          "{'op':'call','fn':'kmalloc','args':{'size':4096},'as':'next'}",
          "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','ptr':'next','size':64,'dir':'DMA_TO_DEVICE'}}",
          "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','ptr':'kbuf','size':64,'dir':'DMA_TO_DEVICE','cpu':1}}",
          "{'op':'call','fn':'dma_alloc_coherent','args':{'dev':'nic','size':4096}}",
          "{'op':'call','fn':'pci_alloc_irq_vectors','args':{'dev':'nic','max_vecs':1}}",
          "{'op':'device.state','dev':'nic'}",
          "{'op':'irq.read'}",
          "{'op':'pri.read','rid':'nic'}",
          "{'op':'dma.read','rid':'nic','iova':'0x5000','len':8}");

  static Stream<String> refused() {
    return Stream.of(
        "{'op':'machine','aw_bit':48}",
        "{'op':'mem.write','addr':'0xfed90000','u64':[1]}",
        "{'op':'mem.fill','addr':'0xfed90000','len':8,'pattern':1}",
        "{'op':'mem.fill','addr':'0x100000000','len':'0x20000000','pattern':1}",
        "{'op':'mem.flush','addr':'0xfed90000','len':8}",
        "{'op':'mem.read','addr':'0xfed90000','count':1}",
        "{'op':'reg.write','off':0,'size':4,'value':0,'unit':9}",
        "{'op':'reg.read','off':0,'size':4,'unit':9}",
        "{'op':'dma.write','rid':'nik','iova':0,'data':'00'}",
        "{'op':'dma.read','rid':'nik','iova':0,'len':1}",
        "{'op':'msi','rid':'nik','addr':'0xfee00000','data':0}",
        "{'op':'ats.translate','rid':'nik','iova':0}",
        "{'op':'pri.request','rid':'nik','iova':0,'group':0}",
        "{'op':'device.write','dev':'nic','reg':'CTRK','value':1}",
        "{'op':'device.write','dev':'nic','reg':'CTRL','value':'nothing'}",
        "{'op':'device.read','dev':'nic','reg':'CTRK','as':'x'}",
        "{'op':'device.run','dev':'nik'}",
        "{'op':'device.receive','dev':'old','hex':'00'}",
        "{'op':'device.state','dev':'nik'}",
        "{'op':'traffic','dev':'nic','ranges':[{'start':'nothing','len':1}]}",
        "{'op':'traffic','dev':'nic','ranges':[{'start':0,'len':4096}],'pattern':'odd'}",
        "{'op':'kernel.write','at':'kbuf','u64':[7,'nothing']}",
        "{'op':'kernel.write','at':'kbuf+0xff8','u64':[7,8,9,'nothing']}",
        "{'op':'kernel.read','at':'0xfed90000','len':1}",
        "{'op':'linux.boot'}",
        "{'op':'ioctl','fd':'nothing','cmd':'IOMMU_IOAS_ALLOC'}",
        "{'op':'ioctl','fd':3,'cmd':'IOMMU_IOAS_ALOC'}",
        "{'op':'ioctl','fd':3,'cmd':''}",
        "{'op':'ioctl','fd':3,'cmd':'IOMMU_IOAS_MAP','arg':{'iova':'nothing'}}",
        "{'op':'ioctl','fd':'nothing','cmd':'IOMMU_IOAS_MAP','arg':{'iova':1}}",
        "{'op':'close','fd':'nothing'}",
        "{'op':'user.alloc','as':'x','len':4096,'holes':1}",
        "{'op':'user.free','at':'nothing'}",
        "{'op':'user.write','at':'nothing','hex':'00'}",
        "{'op':'user.read','at':'nothing','len':1}",
        "{'op':'user.read','at':0,'len':64,'struct':'iommu_nothing','as':'x'}",
        "{'op':'read','fd':'nothing','len':1}",
        "{'op':'read','fd':3,'len':64,'struct':'iommu_nothing','as':'x'}",
        "{'op':'write','fd':'nothing','hex':'00'}",
        "{'op':'write','fd':3,'struct':'iommu_nothing','arg':{}}",
        "{'op':'poll','fd':'nothing'}",
        "{'op':'fail_nth','n':'nothing'}",
        "{'op':'let','as':'x','value':'nothing'}",
        "{'op':'rewind','to':'nothing'}",
        "{'op':'expect','path':'regs(GSTS)','value':1}",
        "{'op':'call','fn':'nothing','as':'x'}",
        "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','cpu':1,'ptr':'kbuf'},'as':'x'}",
        "{'op':'call','fn':'dma_map_single','args':{'dev':'nik','cpu':1,'ptr':'kbuf','size':1,'dir':'DMA_TO_DEVICE'}}",
        "{'op':'call','fn':'dma_nothing','args':{'cpu':1}}",
        "{'op':'call','fn':'kmalloc','args':{'size':0}}",
        "{'op':'call','fn':'kfree','args':{'ptr':'kbuf+4096'}}",
        "{'op':'call','fn':'pci_alloc_irq_vectors','args':{'dev':'nik'}}",
        "{'op':'call','fn':'iommu_map','args':{'domain':99,'iova':0,'paddr':0,'size':4096}}",
        "{'op':'call','fn':'qi_flush_iotlb','args':{'type':'odd'}}",
        "{'op':'call','fn':'vfio_attach_device','args':{'device':'nik'}}",
        "{'op':'call','fn':'vfio_dma_map','args':{'iova':0,'size':'nothing','vaddr':0}}",
        "{'op':'call','fn':'guest_start','args':{'ram':1}}",
        "{'op':'call','fn':'guest_boot'}",
        "{'op':'call','fn':'do_initcalls','args':{'until':'nothing'}}",
        "{'op':'call','fn':'memfd_create','args':{'size':'nothing'}}",
        "{'op':'call','fn':'madvise','args':{'addr':0}}");
  }

  /** What a person reads of a refusal follows the language; the result line stays English. */
  @Test
  void refusalsOfTheWholeLanguageSpeakChineseToo() {
    var english = new TreeSet<String>();
    var without = new TreeSet<String>();
    ScriptedLab lab = started();
    for (String line : Stream.concat(spoilt().stream(), refused()).toList()) {
      Bilingual sentence = refusal(lab, line.replace('\'', '"'));
      if (sentence != null) {
        english.add(sentence.english());
        if (!hasChinese(sentence.chinese()) || hasChinese(sentence.english())) {
          without.add(line + " " + sentence.chinese());
        }
      }
    }
    assertThat(without).isEmpty();
    assertThat(english).hasSizeGreaterThan(50);
  }

  private static @Nullable Bilingual refusal(ScriptedLab lab, String line) {
    return switch (Command.parse(line)) {
      case Reading.Bad<Command>(Bilingual sentence) -> sentence;
      case Reading.Good<Command>(Command command) -> {
        Result result = lab.lab().execute(command);
        if (result instanceof Result.Refused(Bilingual sentence)) {
          assertThat(result.fields()).containsEntry("error", sentence.english());
          yield sentence;
        }
        yield null;
      }
    };
  }

  private static boolean hasChinese(String text) {
    return text.codePoints().anyMatch(Character::isIdeographic);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusedCommandLeavesNoTrace(String line) {
    ScriptedLab one = started();
    ScriptedLab other = started();
    LabView before = one.lab().view();
    long snapshot = before.snapshot();
    Command command = ScriptedLab.command(line);
    assertThat(one.lab().execute(command)).isInstanceOf(Result.Refused.class);
    assertThat(one.lab().execute(command)).isInstanceOf(Result.Refused.class);
    assertThat(one.lab().view().snapshot()).isEqualTo(snapshot);
    assertThat(seen(one)).isEqualTo(seen(other));
    for (String next : AFTER) {
      assertThat(one.run(next)).as(next).isEqualTo(other.run(next));
    }
    assertThat(seen(one)).isEqualTo(seen(other));
  }

  /**
   * Every operation and every function, each of its arguments spoilt in turn: whatever is refused
   * leaves both laboratories alike, one refusal after the other.
   */
  @Test
  void refusalsOfTheWholeLanguageLeaveNoTrace() {
    ScriptedLab one = started();
    ScriptedLab other = started();
    List<Object> before = seen(one);
    var refusedOnce = new TreeSet<String>();
    for (String line : spoilt()) {
      if (Command.parse(line) instanceof Reading.Good<Command>(Command command)
          && one.lab().execute(command) instanceof Result.Refused) {
        assertThat(one.lab().unclosedCalls()).isZero();
        assertThat(seen(one)).as(line).isEqualTo(before);
        refusedOnce.add(
            command instanceof Command.Call call ? call.fn() : Language.of(command).name());
      } else if (one.lab().position() > BEFORE.size()) {
        one.lab().undo();
        before = seen(one);
      }
    }
    for (String next : AFTER) {
      assertThat(one.run(next)).as(next).isEqualTo(other.run(next));
    }
    assertThat(seen(one)).isEqualTo(seen(other));
    assertThat(refusedOnce).containsAll(refusable());
  }

  /** Whatever takes a device, a name or an expression can be refused when it is carried out. */
  private static List<String> refusable() {
    return Stream.concat(
            Language.operations().stream()
                .filter(row -> !row.has(Trait.IN_FILES_ONLY))
                .filter(row -> row.fields().stream().anyMatch(RefusalTest::canBeSpoilt))
                .map(Operation::name)
                .filter(name -> !name.equals("call") && !name.equals("answer")),
            functions()
                .filter(function -> function.fields().stream().anyMatch(RefusalTest::canBeSpoilt))
                .map(Function::name))
        .toList();
  }

  private static Stream<Function> functions() {
    return Functions.byChapter().values().stream().flatMap(List::stream);
  }

  private static boolean canBeSpoilt(Field field) {
    return field.required() && (field.kind() == Kind.DEVICE || field.kind() == Kind.EXPRESSION);
  }

  private static List<String> spoilt() {
    var lines = new ArrayList<String>();
    for (Operation<?> row : Language.operations()) {
      if (!row.has(Trait.IN_FILES_ONLY) && !row.name().equals("call")) {
        for (Field field : row.fields()) {
          lines.add(Json.write(spoilt(plain(row.example()), field)));
        }
      }
    }
    functions()
        .forEach(
            function -> {
              var arguments = new LinkedHashMap<String, Object>();
              function.fields().forEach(field -> arguments.put(field.name(), sound(field)));
              for (Field field : function.fields()) {
                lines.add(
                    Json.write(
                        Map.of(
                            "op",
                            "call",
                            "fn",
                            function.name(),
                            "as",
                            "x",
                            "args",
                            spoilt(arguments, field))));
              }
            });
    return lines;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> plain(String line) {
    try {
      return (Map<String, Object>) Objects.requireNonNull(Json.plain(Json.readJson(line)));
    } catch (Complaint e) {
      throw new IllegalStateException(line, e);
    }
  }

  private static Map<String, Object> spoilt(Map<String, Object> line, Field field) {
    var copy = new LinkedHashMap<>(line);
    copy.put(field.name(), "nothing");
    return copy;
  }

  /** A value that is right for a field, though it may make no sense. */
  private static Object sound(Field field) {
    return switch (field.kind()) {
      case DEVICE -> "nic";
      case EXPRESSION, NUMBER -> 1L;
      case FLAG -> true;
      case CHOICE -> field.choices().getFirst();
      case OBJECT -> Map.of();
      case OBJECTS -> List.of(Map.of("phys", 4096L, "length", 4096L));
      case TEXT, NAME, TEXTS, BYTES, NUMBERS, EXPRESSIONS, ANY -> "x";
    };
  }

  private static ScriptedLab started() {
    var lab = new ScriptedLab();
    BEFORE.forEach(lab::run);
    return lab;
  }

  /** What can be seen of a laboratory, in words and numbers that can be compared. */
  private static List<Object> seen(ScriptedLab lab) {
    LabView view = lab.lab().view();
    var all = new ArrayList<Object>();
    all.add(MemoryDigest.of(view));
    all.add(view.timeNs());
    all.add(view.journal());
    all.add(view.lastChanges().stream().toList());
    all.add(view.lastCalls());
    all.add(view.recentCalls());
    all.add(view.lastPath());
    all.add(view.machine().orElseThrow().unit().counters());
    all.add(lab.kernel().dma().cpus().current());
    all.add(view.kernel().orElseThrow().dmesg());
    all.add(view.kernel().orElseThrow().processes());
    all.add(lab.kernel().failures().remaining());
    return all;
  }
}
