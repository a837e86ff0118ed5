// What a watcher makes of an engine that is away, or that tells less than it should.
#include "tests/exporter/docker_watcher_fixture.h"

namespace selfheal {
namespace {

class WatcherWithoutDocker : public WatcherFixture {};

TEST_F(WatcherWithoutDocker, ALookThatFindsItDownAsksWhoStoppedIt) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.forget_live_events(true);
  docker.emit(event("kill", web.id, now + 1, {{"signal", "15"}}));
  docker.emit(event("die", web.id, now + 1.1));
  docker.set(exited(web, now + 1.1, 1));
  watcher.look_at(*find("web"));
  ASSERT_TRUE(sees("web", ContainerState::exited));
  EXPECT_TRUE(find("web")->stop_requested);
}

TEST_F(WatcherWithoutDocker, ALookWaitsForDockerToBeBack) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.set_down(true);
  ASSERT_TRUE(connection_is(false));
  watcher.look_at(*find("web"));
  web.started_at = at(now + 1);
  docker.set(web);
  docker.set_down(false);
  EXPECT_TRUE(was_looked_at("web", now + 1));
}

TEST_F(WatcherWithoutDocker, ComesBackAfterDockerWasAway) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  ASSERT_TRUE(connection_is(true));
  docker.set_down(true);
  ASSERT_TRUE(connection_is(false));
  EXPECT_TRUE(find("web"));  // what was known stays
  docker.set(running_container("new"));
  docker.set_down(false);
  EXPECT_TRUE(connection_is(true));
  EXPECT_TRUE(sees("new", ContainerState::running));
  EXPECT_EQ(synced, 1);
}

TEST_F(WatcherWithoutDocker, EventsMissedMeanwhileAreHeard) {
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  ASSERT_TRUE(connection_is(true));
  docker.set_down(true);
  ASSERT_TRUE(connection_is(false));
  docker.emit(event("kill", web.id, now + 1, {{"signal", "9"}}));
  docker.emit(event("die", web.id, now + 1.1));
  docker.set(exited(web, now + 1.1, 1));  // an exit code that alone would say: not requested
  docker.set_down(false);
  ASSERT_TRUE(sees("web", ContainerState::exited));
  EXPECT_TRUE(find("web")->stop_requested);
}

TEST_F(WatcherWithoutDocker, WaitsForADockerThatIsNotThereYet) {
  docker.set_down(true);
  docker.set(web);
  watcher.start();
  EXPECT_FALSE(connected);
  docker.set_down(false);
  EXPECT_TRUE(sees("web", ContainerState::running));
}

TEST_F(WatcherWithoutDocker, AtTheStartDockersHistoryTellsWhoStoppedIt) {
  docker.emit(event("kill", "id-a", now - 5.1, {{"signal", "15"}}));
  docker.emit(event("die", "id-a", now - 5));
  docker.emit(event("die", "id-b", now - 5));
  for (const char* name : {"a", "b", "c", "d"})
    docker.set(exited(running_container(name), now - 5, name[0] == 'd' ? 1 : 137));
  watcher.start();
  ASSERT_TRUE(sees("d", ContainerState::exited));
  EXPECT_TRUE(find("a")->stop_requested);
  EXPECT_FALSE(find("b")->stop_requested);  // kill -9 from inside
  EXPECT_TRUE(find("c")->stop_requested);   // history is silent: the exit code decides
  EXPECT_FALSE(find("d")->stop_requested);
}

TEST_F(WatcherWithoutDocker, WithoutEventsTheListIsEnough) {
  docker.refuse_events(DockerFailure{DockerFailureKind::refused, "not by this proxy"});
  watcher.reconfigure({Milliseconds(20), {}});
  docker.set(web);
  watcher.start();
  ASSERT_TRUE(sees("web", ContainerState::running));
  docker.set(running_container("new"));
  EXPECT_TRUE(sees("new", ContainerState::running));
  EXPECT_TRUE(connected);
  docker.set(exited(web, now, 137));
  EXPECT_TRUE(sees("web", ContainerState::exited));
  EXPECT_TRUE(find("web")->stop_requested) << "by its exit code";
}

TEST_F(WatcherWithoutDocker, AStreamThatAlwaysBreaksOffIsNoLossOfDocker) {
  docker.refuse_events(DockerFailure{DockerFailureKind::failed, "503 from a proxy"});
  watcher.start();
  ASSERT_TRUE(connection_is(true));
  EXPECT_TRUE(eventually([&] { return docker.streams_refused() == 3; }));
  // Now the list alone is looked at.
  EXPECT_FALSE(eventually([&] { return docker.streams_refused() > 3; }, Milliseconds(1'500)));
  EXPECT_EQ(losses, 0);
}

TEST_F(WatcherWithoutDocker, AContainerWhoseInspectHangsHidesNoOther) {
  docker.fail_inspect("id-a", DockerFailure{DockerFailureKind::timeout, "timed out"});
  for (const char* name : {"a", "b"}) docker.set(running_container(name));
  watcher.reconfigure({Milliseconds(20), {}});
  watcher.start();
  ASSERT_TRUE(sees("b", ContainerState::running));
  EXPECT_TRUE(connection_is(true));
  docker.fail_inspect("id-a", std::nullopt);
  EXPECT_TRUE(sees("a", ContainerState::running));
}

}  // namespace
}  // namespace selfheal
