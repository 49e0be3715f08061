package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Script;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiStruct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a script says, the answer is a result or a refusal, never a mistake of ours. */
final class ExtremesTest {

  private static final long[] EXTREMES = {
    0,
    1,
    2,
    0xFFF,
    0x1000,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    1L << 39,
    1L << 52,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -4096,
    -1
  };

  /** All kinds of files, objects, and memory. */
  private static final String SCENE =
      """
      {"op":"linux.boot","cmdline":"intel_iommu=on,sm_on"}
      {"op":"user.alloc","as":"buf","len":65536}
      {"op":"open","path":"/dev/iommu","as":"iommu"}
      {"op":"ioctl","fd":"iommu","cmd":"IOMMU_IOAS_ALLOC","as":"ioas"}
      {"op":"ioctl","fd":"iommu","cmd":"IOMMU_TEST_OP_MOCK_DOMAIN","arg":{"id":"ioas.out_ioas_id"},"as":"mock"}
      {"op":"ioctl","fd":"iommu","cmd":"IOMMU_IOAS_MAP","arg":{"flags":7,"ioas_id":"ioas.out_ioas_id","user_va":"buf","length":8192,"iova":65536}}
      {"op":"open","path":"/dev/vfio/vfio","as":"container"}
      {"op":"open","path":"/dev/vfio/0","as":"group"}
      {"op":"ioctl","fd":"group","cmd":"VFIO_GROUP_SET_CONTAINER","arg":{"container":"container"}}
      {"op":"ioctl","fd":"container","cmd":"VFIO_SET_IOMMU","arg":{"type":1}}
      """;

  private static final List<String> FILES = List.of("iommu", "container", "group");

  private static Laboratory scene() {
    var lab = new Laboratory();
    run(lab, SCENE);
    return lab;
  }

  private static void run(Laboratory lab, String text) {
    if (Script.parse("test", text) instanceof Reading.Good<Script>(Script script)) {
      script.commands().forEach(lab::execute);
    }
  }

  static Stream<String> commands() {
    return Uapi.all().stream().map(UapiStruct::name);
  }

  private static String line(String file, String command, Map<String, Long> fields) {
    var line = new LinkedHashMap<String, Object>();
    line.put("op", "ioctl");
    line.put("fd", file);
    line.put("cmd", command);
    line.put("arg", fields);
    return Json.write(line);
  }

  /** Each field at each extreme alone, then many at once. */
  @ParameterizedTest
  @MethodSource("commands")
  void everyIoctlHasAnAnswerForEveryValue(String name) {
    UapiStruct struct =
        Uapi.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    List<String> fields =
        struct.fields().stream().map(UapiField::name).filter(each -> !each.equals("size")).toList();
    var lines = new ArrayList<String>();
    var random = new SplittableRandom(name.hashCode());
    for (String file : FILES) {
      lines.add(line(file, name, Map.of()));
      for (String field : fields) {
        for (long value : EXTREMES) {
          lines.add(line(file, name, Map.of(field, value)));
        }
      }
      for (int i = 0; i < 200; i++) {
        var all = new LinkedHashMap<String, Long>();
        for (String field : fields) {
          all.put(field, EXTREMES[random.nextInt(EXTREMES.length)]);
        }
        lines.add(line(file, name, all));
      }
    }
    Laboratory lab = scene();
    for (String line : lines) {
      try {
        run(lab, line);
      } catch (RuntimeException mistake) {
        throw new AssertionError(line, mistake);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'op':'ioctl','fd':'iommu','cmd':''}",
        "{'op':'ioctl','fd':'','cmd':'IOMMU_DESTROY'}",
        "{'op':'close','fd':''}",
        "{'op':'open','path':'','as':''}",
        "{'op':'user.read','at':'','len':1}",
        "{'op':'user.write','at':'buf+0xffffffffffffffff','hex':'00'}",
        "{'op':'user.read','at':'0xffffffffffffffff','len':1048576}",
        "{'op':'user.alloc','as':'x','len':0}",
        "{'op':'user.alloc','as':'x','len':'0xffffffffffffffff'}",
        "{'op':'user.alloc','as':'x','len':4096,'at':'0xfffffffffffff000'}",
        "{'op':'user.free','at':'buf','len':'0xffffffffffffffff'}",
        "{'op':'mem.read','addr':'0xfffffffffffffff8','count':65536}",
        "{'op':'mem.write','addr':'0xfffffffffffffff8','u64':[1,2]}",
        "{'op':'mem.write','addr':'0xffffffffffffffff','hex':'0000'}",
        "{'op':'mem.fill','addr':'0xfffffffffffffff8','len':'0xfffffffffffffff8','pattern':'addr'}",
        "{'op':'mem.fill','addr':0,'len':'0xfffffffffffffff8','pattern':0}",
        "{'op':'mem.flush','addr':'0xffffffffffffffff','len':'0xffffffffffffffff'}",
        "{'op':'dma.read','rid':'','iova':0,'len':1}",
        "{'op':'dma.read','rid':'00:03.0','iova':'0xffffffffffffffff','len':2048}",
        "{'op':'dma.write','rid':'ff:1f.7','iova':'0xffffffffffffffff','data':'0000'}",
        "{'op':'msi','rid':'00:03.0','addr':'0xfffffffffffffffc','data':65535}",
        "{'op':'clock.advance','ns':'0x7fffffffffffffff'}",
        "{'op':'let','as':'','value':''}",
        "{'op':'let','as':'x','value':'--'}",
        "{'op':'call','fn':'','args':{}}",
        "{'op':'call','fn':'iommu_map','args':{'domain':'','iova':'0xffffffffffffffff'}}",
        "{'op':'expect','path':'','value':0}",
        "{'op':'expect','path':'[[','value':0}",
        "{'op':'checkpoint','name':''}",
        "{'op':'rewind','to':''}",
        "{'op':'read','fd':'iommu','len':16384}",
        "{'op':'fail_nth','n':'0xffffffffffffffff'}",
        "{'op':'machine','ram':0}",
        "{'op':'machine','ram':'0xffffffffffffffff'}",
        "{'op':'machine','board':''}",
        "{'op':'machine','profile':''}",
        "{'op':'linux.boot','cmdline':'intel_iommu='}",
        "{'op':'linux.boot','cmdline':'swiotlb=99999999999999999999 iommu.strict='}",
        "{'op':'linux.boot','era':''}",
        "{'op':'linux.boot','walker':''}"
      })
  void everyOperationHasAnAnswerForEveryValue(String line) {
    run(scene(), line.replace('\'', '"'));
    run(new Laboratory(), line.replace('\'', '"'));
  }

  @Test
  void reservingPastTheEndOfTheSpaceIsInvalid() {
    var lab = new ScriptedLab();
    assertThat(
            lab.run(
                "{'op':'linux.boot','cmdline':'intel_iommu=on'}",
                "{'op':'open','path':'/dev/iommu','as':'iommu'}",
                "{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_ALLOC','as':'ioas'}",
                "{'op':'ioctl','fd':'iommu','cmd':'IOMMU_TEST_OP_ADD_RESERVED','arg':{"
                    + "'id':'ioas.out_ioas_id','start':'0xffffffffffffffff',"
                    + "'length':'0xffffffffffffffff'}}"))
        .containsEntry("errno", "EINVAL");
  }
}
