import frappe, time
from tests.site.factories import *
from tests.site.visitor import *
def test_a(visitor):
	t=time.time(); form=visitor.fill("/services/pothole"); print("get",time.time()-t)
	t=time.time(); r=visitor.send(form); print("post",time.time()-t, r.status, find_errors(r))
	t=time.time(); p=visitor.follow(r); print("follow",time.time()-t, p.status)
	print(read(p).get_text(" ",strip=True)[:800])
	t=time.time(); d=make_department(); print("dept",time.time()-t)
	t=time.time(); s=make_service(department=d.name); print("service",time.time()-t)
	t=time.time(); q=make_request(s); print("req",time.time()-t)
	print(get_submission(q).as_dict())
	assert 0
