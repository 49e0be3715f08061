/*
 * A program as there are many: it forks, is killed, stopped, traced, short of descriptors, and closes in odd order. Each mode ends
 * with 0 if everything was as with a kernel that has the devices, or with the number of the line that was not.
 *
 *   odd MODE
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/vfio.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(yes) do { if (!(yes)) { dprintf(2, "line %d: %s, errno %d\n", __LINE__, #yes, errno); _exit(__LINE__ & 0xff ? __LINE__ & 0xff : 1); } } while (0)

static int iommu(void)
{
	return open("/dev/iommu", O_RDWR);
}

/* IOMMU_IOAS_ALLOC; the id, or -1. */
static int allocate(int fd)
{
	uint32_t a[3] = { 12 };

	return ioctl(fd, _IO(';', 0x81), a) == 0 ? (int)a[2] : -1;
}

static int destroy(int fd, int id)
{
	uint32_t a[2] = { 8, id };

	return ioctl(fd, _IO(';', 0x80), a);
}

static int well(pid_t pid)
{
	int status;

	CHECK(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

static void busy(int fd, long rounds)
{
	for (long i = 0; i < rounds; i++) {
		int id = allocate(fd);

		CHECK(id > 0);
		CHECK(destroy(fd, id) == 0);
	}
}

static int shared;

static void *rounds(void *count)
{
	busy(shared, (long)count);
	return NULL;
}

/* Forks while its other threads are in an ioctl. */
static void forks(void)
{
	pthread_t all[64];
	pid_t child[32];

	shared = iommu();
	CHECK(shared >= 0);
	for (int i = 0; i < 64; i++)
		CHECK(pthread_create(all + i, NULL, rounds, (void *)10) == 0);
	for (int i = 0; i < 32; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			busy(shared, 3);
			_exit(4);
		}
	}
	for (int i = 0; i < 64; i++)
		CHECK(pthread_join(all[i], NULL) == 0);
	for (int i = 0; i < 32; i++)
		CHECK(well(child[i]) == 4);
}

/* Killed in the middle of ioctls, at many places. */
static void kills(void)
{
	for (int i = 0; i < 30; i++) {
		pid_t child = fork();

		if (child == 0) {
			int fd = iommu();
			pthread_t other;

			shared = fd;
			CHECK(pthread_create(&other, NULL, rounds, (void *)100000) == 0);
			busy(fd, 100000);
		}
		usleep(i * 422 % 7000);
		CHECK(kill(child, SIGKILL) == 0);
		CHECK(well(child) == 256 + SIGKILL);
	}
}

static volatile sig_atomic_t alarms;

static void alarmed(int sig) { (void)sig; alarms++; }

/* Signals with handlers all the time, with calls that are begun again and such that are not. */
static void signals(void)
{
	struct itimerval often = { { 0, 300 }, { 0, 300 } }, never = { { 0 } };
	struct sigaction a = { .sa_handler = alarmed };

	sigaction(SIGALRM, &a, NULL);
	CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
	for (int i = 0; i < 100; i++) {
		int fd, id;

		do
			fd = iommu();
		while (fd < 0 && errno == EINTR);
		CHECK(fd >= 0);
		do
			id = allocate(fd);
		while (id < 0 && errno == EINTR);
		CHECK(id > 0);
		close(fd);
	}
	CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
}

static void stopped(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		int fd = iommu();

		for (;;)
			busy(fd, 100);
	}
	for (int i = 0; i < 20; i++) {
		CHECK(kill(child, SIGSTOP) == 0);
		CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
		/* Others are served meanwhile. */
		busy(iommu(), 2);
		CHECK(kill(child, SIGCONT) == 0);
		CHECK(waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status));
	}
	CHECK(kill(child, SIGKILL) == 0);
	CHECK(well(child) == 256 + SIGKILL);
}

/* A debugger stops its child at each of its calls. */
static void traces(void)
{
	pid_t child = fork();
	int status, stops = 0;

	if (child == 0) {
		CHECK(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0);
		raise(SIGSTOP);
		busy(iommu(), 3);
		_exit(9);
	}
	CHECK(waitpid(child, &status, 0) == child && WIFSTOPPED(status));
	for (;;) {
		CHECK(ptrace(PTRACE_SYSCALL, child, 0, 0) == 0);
		CHECK(waitpid(child, &status, 0) == child);
		if (WIFEXITED(status))
			break;
		stops++;
	}
	CHECK(WEXITSTATUS(status) == 9 && stops >= 14);
}

/* Its input, output and errors closed, our files take their numbers. */
static void numbers(void)
{
	uint32_t queue[4] = { 16 };
	char byte[64];

	close(0);
	close(1);
	close(2);
	CHECK(iommu() == 0);
	CHECK(ioctl(0, _IO(';', 0x8e), queue) == 0);
	CHECK(queue[3] == 1);
	CHECK(fcntl(1, F_SETFL, O_NONBLOCK) == 0);
	/* Nothing has happened: the kernel's answer, not a socket's. */
	CHECK(read(1, byte, 40) == 0);
	CHECK(write(0, byte, 4) < 0 && errno == EINVAL);
	CHECK(read(0, byte, 4) < 0 && errno == EINVAL);
	busy(0, 2);
}

/* A descriptor stays over exec, unless it was opened to be closed by it. */
static void stays(const char *self)
{
	char number[16];
	int fd = open("/dev/iommu", O_RDWR);
	pid_t child;

	CHECK(fcntl(fd, F_GETFD) == 0);
	CHECK(fcntl(open("/dev/iommu", O_RDWR | O_CLOEXEC), F_GETFD) == FD_CLOEXEC);
	snprintf(number, sizeof(number), "%d", fd);
	child = fork();
	if (child == 0) {
		execl(self, self, "allocates", number, (char *)NULL);
		_exit(99);
	}
	CHECK(well(child) == 0);
}

static void exhausts(void)
{
	struct rlimit limit;
	int fd = iommu(), next = 0;
	uint32_t queue[4] = { 16 };

	CHECK(fd >= 0);
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = 40;
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	while (next >= 0)
		next = iommu();
	CHECK(errno == EMFILE);
	CHECK(ioctl(fd, _IO(';', 0x8e), queue) < 0 && errno == EMFILE);
	CHECK(open("/sys/bus/pci/devices/0000:00:03.0/vendor", O_RDONLY) < 0 && errno == EMFILE);
	close(39);
	CHECK(ioctl(fd, _IO(';', 0x8e), queue) == 0 && queue[3] == 39);
	busy(fd, 3);
	/* As many as the system lets it have. */
	limit.rlim_cur = limit.rlim_max;
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	for (int i = 0; i < 500; i++)
		CHECK(iommu() >= 0);
	next = dup2(fd, (int)(limit.rlim_max < 1000000 ? limit.rlim_max : 1000000) - 1);
	CHECK(next > 500);
	busy(next, 3);
}

static int below(int argc, char **argv)
{
	CHECK(argc > 2);
	busy(atoi(argv[2]), 3);
	return 6;
}

/* What is not closed on exec is the next program's. */
static void executes(const char *self)
{
	int fd = iommu();
	char number[12];

	CHECK(fcntl(fd, F_SETFD, 0) == 0);
	sprintf(number, "%d", fd);
	for (int i = 0; i < 5; i++) {
		pid_t child = vfork();

		if (child == 0) {
			execl(self, self, "below", number, NULL);
			_exit(1);
		}
		CHECK(well(child) == 6);
	}
	CHECK(chroot("/proc/self") < 0 || chdir("/") == 0);
	/* A name is ours wherever the program's own root is. */
	CHECK(iommu() >= 0);
}

/* A service: its parents gone, in a session of its own, its terminal closed. */
static void outlives(void)
{
	int ready[2];
	char byte;

	CHECK(pipe(ready) == 0);
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			close(ready[0]);
			/* Until it is nobody's but the system's. */
			pid_t parent = getppid();

			close(ready[1]);
			for (int i = 0; i < 1000 && getppid() == parent; i++)
				usleep(1000);
			int fd = iommu();

			CHECK(fd >= 0);
			void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			struct { uint32_t size, flags, ioas, reserved; uint64_t va, length, iova; } map = { 40, 7, allocate(fd), 0, (uintptr_t)page, 4096, 0x100000 };

			CHECK(ioctl(fd, _IO(';', 0x85), &map) == 0);
			busy(fd, 20);
			_exit(0);
		}
		_exit(0);
	}
	close(ready[1]);
	CHECK(read(ready[0], &byte, 1) == 0);
	_exit(3);
}

/* Handed to a socket that nobody reads; the last that is known of the file. */
static void lost(void)
{
	int pair[2], fd = iommu();
	char room[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec one = { &byte, 1 };
	struct msghdr message = { .msg_iov = &one, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	CHECK(allocate(fd) > 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(int));
	CHECK(sendmsg(pair[0], &message, 0) == 1);
	close(fd);
	/* The socket in itself, and the one end closed: nothing but the kernel knows of it. */
	fd = pair[1];
	memcpy(CMSG_DATA(head), &fd, sizeof(int));
	CHECK(sendmsg(pair[0], &message, 0) == 1);
	close(pair[0]);
	close(pair[1]);
}

/* io_uring's calls are not system calls. */
static void ring(void)
{
	struct io_uring_params p = { 0 };
	long fd = syscall(__NR_io_uring_setup, 4, &p);

	if (fd < 0)
		return;
	char *at = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
	char *cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_CQ_RING);
	struct io_uring_sqe *e = mmap(NULL, p.sq_entries * sizeof(*e), PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);

	CHECK(at != MAP_FAILED && cq != MAP_FAILED && e != MAP_FAILED);
	e->opcode = IORING_OP_OPENAT;
	e->fd = AT_FDCWD;
	e->addr = (uintptr_t)"/dev/iommu";
	e->open_flags = O_RDWR;
	*(uint32_t *)(at + p.sq_off.array) = 0;
	*(volatile uint32_t *)(at + p.sq_off.tail) = 1;
	CHECK(syscall(__NR_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1);
	struct io_uring_cqe *c = (void *)(cq + p.cq_off.cqes);

	CHECK(c->res < 0 || c->res > 2);
	busy(iommu(), 1);
}

/* ---- with a device ------------------------------------------------------------------------------------------------------- */

static int container, group, device;
static volatile uint32_t *bar;

static void set_up(void)
{
	container = open("/dev/vfio/vfio", O_RDWR);
	group = open("/dev/vfio/3", O_RDWR);
	CHECK(container >= 0 && group >= 0);
	CHECK(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) == 0);
	CHECK(ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) == 0);
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, "0000:00:06.0");
	CHECK(device >= 0);
}

static void touched(void)
{
	CHECK((bar[2] & 0xff) == 0x32);
}

static void follow(void)
{
	set_up();
	bar = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, device, 0);
	CHECK(bar != MAP_FAILED);
	touched();
}

/* A counter that cannot count further is not waited for. */
static void full(void)
{
	struct { struct vfio_irq_set head; int fd; } set = { { sizeof(set), VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD, 2, 0, 1 }, eventfd(0, 0) };
	uint64_t most = UINT64_MAX - 1;

	set_up();
	CHECK(ioctl(device, VFIO_DEVICE_SET_IRQS, &set) == 0);
	CHECK(write(set.fd, &most, 8) == 8);
	set.head.argsz = sizeof(set.head);
	set.head.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_NONE;
	CHECK(ioctl(device, VFIO_DEVICE_SET_IRQS, &set) == 0);
	CHECK(read(set.fd, &most, 8) == 8 && most == UINT64_MAX - 1);
	/* One that is none. */
	set.head.argsz = sizeof(set);
	set.head.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD;
	set.fd = iommu();
	CHECK(ioctl(device, VFIO_DEVICE_SET_IRQS, &set) < 0 && errno == EINVAL);
	set.fd = 4711;
	CHECK(ioctl(device, VFIO_DEVICE_SET_IRQS, &set) < 0 && errno == EBADF);
}

/* Parents that end before their children have begun. */
/* What file_operations have not, and what they have: vfio_device_fops, dma_buf_fops, iommufd_fops, vfio_fops. */
static int gives(long got, int error)
{
	return got == -1 && errno == error;
}

static void has_no_place(int fd)
{
	CHECK(gives(lseek(fd, 0, SEEK_SET), ESPIPE));
	CHECK(gives(lseek(fd, 0, SEEK_END), ESPIPE));
	CHECK(gives(ftruncate(fd, 4096), EINVAL));
	CHECK(gives(fsync(fd), EINVAL));
	CHECK(gives(fdatasync(fd), EINVAL));
	CHECK(gives(fallocate(fd, 0, 0, 4096), ENODEV));
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 1L << 39) == MAP_FAILED);
}

static int ready(int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };

	CHECK(poll(&p, 1, 0) == 1);
	return p.revents;
}

static void is_node(int fd, const char *path, unsigned major_number)
{
	struct stat by_file, by_path;
	struct statx longer;

	CHECK(fstat(fd, &by_file) == 0 && stat(path, &by_path) == 0);
	CHECK(S_ISCHR(by_file.st_mode) && S_ISCHR(by_path.st_mode));
	CHECK(by_file.st_rdev == by_path.st_rdev && major(by_file.st_rdev) == major_number);
	CHECK(statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &longer) == 0);
	CHECK(S_ISCHR(longer.stx_mode) && longer.stx_rdev_major == major_number);
	CHECK(longer.stx_rdev_minor == minor(by_file.st_rdev));
}

static void has_none_to_read(int fd)
{
	char bytes[64];
	struct iovec two[2] = { { bytes, 8 }, { bytes + 8, 8 } };

	CHECK(gives(read(fd, bytes, 64), EINVAL));
	CHECK(gives(write(fd, bytes, 64), EINVAL));
	CHECK(gives(pread(fd, bytes, 64, 0), EINVAL));
	CHECK(gives(pwrite(fd, bytes, 64, 0), EINVAL));
	CHECK(gives(readv(fd, two, 2), EINVAL));
	CHECK(gives(writev(fd, two, 2), EINVAL));
	CHECK(gives(preadv(fd, two, 2, 0), EINVAL));
}

static pthread_barrier_t together;
static int delay;

static void *executes_now(void *self)
{
	pthread_barrier_wait(&together);
	for (volatile int i = 0; i < delay; i++)
		;
	execl(self, (char *)self, "nothing", NULL);
	return NULL;
}

static void *sleeps(void *unused)
{
	pause();
	return unused;
}

/* A thread maps registers for the first time while another one is on its way to another program, and more look on. */
static void races(char *self)
{
	set_up();
	for (int i = 0; i < 80; i++) {
		pid_t child = fork();

		if (child == 0) {
			pthread_t other;

			delay = i % 40 * 500;
			pthread_barrier_init(&together, NULL, 2);
			for (int k = 0; k < 100; k++)
				CHECK(pthread_create(&other, NULL, sleeps, NULL) == 0);
			CHECK(pthread_create(&other, NULL, executes_now, self) == 0);
			pthread_barrier_wait(&together);
			bar = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, device, 0);
			CHECK(bar != MAP_FAILED);
			touched();
			pause();
		}
		CHECK(well(child) == 0);
	}
}

static void answers(void)
{
	char node[] = "/dev/vfio/devices/vfio0";
	uint8_t bytes[512], same[512];
	struct iovec three[3] = { { same, 2 }, { same + 2, 2 }, { same + 4, 60 } };
	int fd = iommu(), cdev = open(node, O_RDWR), only;
	uint64_t config = 7ULL << 40;
	struct { uint32_t argsz, flags; int32_t iommufd; uint32_t devid; uint64_t token; } bind = { 16, 0, fd };

	is_node(fd, "/dev/iommu", 10);
	has_no_place(fd);
	has_none_to_read(fd);
	CHECK(ready(fd) == (POLLIN | POLLOUT));
	CHECK((fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK)) == O_RDWR);
	CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);

	only = open("/dev/vfio/vfio", O_RDONLY);
	is_node(only, "/dev/vfio/vfio", 10);
	CHECK((fcntl(only, F_GETFL) & (O_ACCMODE | O_NONBLOCK)) == O_RDONLY);
	CHECK(gives(write(only, bytes, 4), EBADF));
	CHECK(ioctl(only, VFIO_GET_API_VERSION) == 0);
	close(only);
	only = open("/dev/vfio/vfio", O_RDWR | O_NONBLOCK);
	has_no_place(only);
	has_none_to_read(only);
	CHECK((fcntl(only, F_GETFL) & (O_ACCMODE | O_NONBLOCK)) == (O_RDWR | O_NONBLOCK));
	CHECK(gives((long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, only, 0), ENODEV));

	/* A device file is nothing before it is bound. */
	CHECK(cdev >= 0);
	is_node(cdev, node, 510);
	has_no_place(cdev);
	has_none_to_read(cdev);
	CHECK(gives((long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, cdev, 0), EINVAL));
	CHECK(ioctl(cdev, _IO(';', 118), &bind) == 0);
	has_no_place(cdev);
	CHECK(ready(cdev) == (POLLIN | POLLOUT));
	/* Its regions by position, and a position of its own, in the first BAR. */
	CHECK(pread(cdev, bytes, 64, config) == 64);
	CHECK(preadv(cdev, three, 3, config) == 64);
	CHECK(memcmp(bytes, same, 64) == 0);
	CHECK(bytes[0] != 0xff);
	CHECK(gives(pread(cdev, bytes, 4, 20ULL << 40), EINVAL));
	CHECK(gives(pread(cdev, bytes, 8, config + 4092), EFAULT) && pread(cdev, bytes, 0, config + 4092) == 0);
	bytes[0] = 2;
	CHECK(pwrite(cdev, bytes, 1, config + 4) == 1);
	CHECK(pread(cdev, bytes, 128, 0) == 128);
	CHECK(read(cdev, same, 64) == 64 && readv(cdev, three, 3) == 64);
	CHECK(memcmp(bytes + 64, same, 64) == 0);
	CHECK(write(cdev, bytes, 4) == 4);
	CHECK(pread(cdev, bytes, 8, 65532) == 4 && gives(pread(cdev, bytes, 8, 65536), EINVAL));
	CHECK(gives((long)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, cdev, 0), EINVAL));
	CHECK(gives((long)mmap(NULL, 1 << 20, PROT_READ, MAP_SHARED, cdev, 0), EINVAL));
	CHECK(gives((long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, cdev, config), EINVAL));

	/* The same with registers behind it, which one has by its group. */
	{
		int container = open("/dev/vfio/vfio", O_RDWR), group = open("/dev/vfio/3", O_RDWR), device;
		struct stat facts;

		CHECK(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) == 0);
		CHECK(ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) == 0);
		device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, "0000:00:06.0");
		CHECK(device >= 0);
		is_node(group, "/dev/vfio/3", 511);
		has_no_place(group);
		has_none_to_read(group);
		has_no_place(device);
		CHECK(fstat(device, &facts) == 0 && !S_ISSOCK(facts.st_mode) && !S_ISREG(facts.st_mode));
		bytes[0] = 2;
		CHECK(pwrite(device, bytes, 1, config + 4) == 1);
		CHECK(pread(device, bytes, 16, 0) == 16);
		CHECK(read(device, same, 8) == 8 && memcmp(bytes, same, 8) == 0);
		CHECK(read(device, same, 8) == 8 && memcmp(bytes + 8, same, 8) == 0);
	}

	/* A dma-buf of the selftest: IOMMU_TEST_OP_DMABUF_GET. */
	{
		struct { uint32_t size, op, id, pad; uint32_t length, flags; uint8_t more[48]; } test = { 72, 22, 0, 0, 8192, O_RDWR };
		int buffer = ioctl(fd, _IO(';', 0x80 + 32), &test);

		CHECK(buffer >= 0);
		CHECK(lseek(buffer, 0, SEEK_END) == 8192 && lseek(buffer, 0, SEEK_SET) == 0);
		CHECK(gives(lseek(buffer, 4096, SEEK_SET), EINVAL));
		CHECK(gives(lseek(buffer, 0, SEEK_CUR), EINVAL));
		CHECK(gives((long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, buffer, 0), EINVAL));
		CHECK(gives(read(buffer, bytes, 8), EINVAL));
		CHECK(gives(pread(buffer, bytes, 8, 0), ESPIPE));
		CHECK(gives(ftruncate(buffer, 0), EINVAL));
		CHECK(ready(buffer) == (POLLIN | POLLOUT));
	}
}

static void orphans(void)
{
	int all[2];
	char byte;

	CHECK(pipe(all) == 0);
	pid_t first = fork();
	if (first == 0) {
		follow();
		for (int i = 0; i < 20; i++) {
			if (fork() == 0) {
				touched();
				CHECK(write(all[1], "x", 1) == 1);
				_exit(0);
			}
		}
		_exit(2);
	}
	CHECK(well(first) == 2);
	close(all[1]);
	for (int i = 0; i < 20; i++)
		CHECK(read(all[0], &byte, 1) == 1);
	CHECK(read(all[0], &byte, 1) == 0);
}

static void *touches(void *unused)
{
	for (;;)
		touched();
	return unused;
}

static void *becomes_another(void *self)
{
	execl(self, (char *)self, "nothing", NULL);
	return NULL;
}

/* A thread becomes another program while the others are at the registers. */
static void becomes(char *self)
{
	for (int i = 0; i < 5; i++) {
		pid_t child = fork();

		if (child == 0) {
			pthread_t other;

			follow();
			for (int k = 0; k < 4; k++)
				CHECK(pthread_create(&other, NULL, touches, NULL) == 0);
			usleep(i * 997);
			CHECK(pthread_create(&other, NULL, becomes_another, self) == 0);
			touches(NULL);
		}
		CHECK(well(child) == 0);
	}
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
#define MODE(name, ...) else if (strcmp(mode, #name) == 0) { name(__VA_ARGS__); return 0; }

	if (strcmp(mode, "nothing") == 0)
		return 0;
	if (strcmp(mode, "allocates") == 0)
		return allocate(atoi(argv[2])) > 0 ? 0 : 1;
	if (strcmp(mode, "below") == 0)
		return below(argc, argv);
	if (strcmp(mode, "for-ever") == 0) {
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_IGN);
		shared = iommu();
		dprintf(1, "%d\n", getpid());
		/* A kernel that has gone answers no more. */
		while (allocate(shared) > 0)
			usleep(1000);
		return 5;
	}
	MODE(forks)
	MODE(kills)
	MODE(signals)
	MODE(stopped)
	MODE(traces)
	MODE(numbers)
	MODE(stays, argv[0])
	MODE(exhausts)
	MODE(executes, argv[0])
	MODE(outlives)
	MODE(lost)
	MODE(ring)
	MODE(full)
	MODE(answers)
	MODE(orphans)
	MODE(races, argv[0])
	MODE(becomes, argv[0])
	return 2;
}
